// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.IoEvent;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;

/** Events that epoll reports for a connection (epoll_ctl(2)), edge-triggered: once for each change. */
final class EpollEvents {

    /** Input only. Few sockets need more for long, and Netty creates no object for events of this kind. */
    static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);

    /** Input, and room for output; reported at once if there is room already. */
    static final EpollIoOps EVERYTHING = INPUT.with(EpollIoOps.EPOLLOUT);

    private static final int EPOLLHUP = 0x10;
    private static final int BROKEN = EpollIoOps.EPOLLERR.value();
    private static final int WRITABLE = EpollIoOps.EPOLLOUT.value() | BROKEN | EPOLLHUP;
    private static final int ENDED = EpollIoOps.EPOLLRDHUP.value() | EPOLLHUP | BROKEN;
    private static final int READABLE = EpollIoOps.EPOLLIN.value() | ENDED;

    private EpollEvents() {}

    static int of(IoEvent event) {
        return ((EpollIoEvent) event).ops().value();
    }

    /** It takes bytes, is connected, or is known never to be. */
    static boolean isWritable(int readiness) {
        return (readiness & WRITABLE) != 0;
    }

    /** There are bytes, the end of the stream, or an error. */
    static boolean isReadable(int readiness) {
        return (readiness & READABLE) != 0;
    }

    /** The end of the stream, or an error, is among what can be read. */
    static boolean isEnded(int readiness) {
        return (readiness & ENDED) != 0;
    }

    static boolean isBroken(int readiness) {
        return (readiness & BROKEN) != 0;
    }
}
