// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.channel.IoEvent;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;

/** The events that epoll reports for a connection (epoll_ctl(2)). Edge-triggered: each change is reported once. */
final class EpollEvents {

    /** Input only. Most sockets need no more most of the time, and Netty allocates nothing for these events. */
    static final EpollIoOps INPUT =
            EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);

    /** Input and writability. Reported at once if the socket is writable already. */
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

    /** Whether the socket accepts bytes, or an attempt to connect has succeeded or failed. */
    static boolean isWritable(int readiness) {
        return (readiness & WRITABLE) != 0;
    }

    /** Whether there are bytes, the end of the stream or an error to read. */
    static boolean isReadable(int readiness) {
        return (readiness & READABLE) != 0;
    }

    /** Whether the end of the stream or an error can be read, perhaps after bytes. */
    static boolean isEnded(int readiness) {
        return (readiness & ENDED) != 0;
    }

    /** Whether the connection has failed. */
    static boolean isBroken(int readiness) {
        return (readiness & BROKEN) != 0;
    }
}
