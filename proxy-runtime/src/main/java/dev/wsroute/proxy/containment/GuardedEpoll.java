// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/** A socket that epoll watches; never one of the proxy's listeners. */
final class GuardedEpoll extends Guarded implements EpollIoHandle {

    private final EpollIoHandle socket;

    GuardedEpoll(EpollIoHandle socket, Failures failures) {
        super(socket, failures);
        this.socket = socket;
    }

    @Override
    public FileDescriptor fd() {
        return socket.fd();
    }

    @Override
    boolean prepareReset() {
        return true;
    }
}
