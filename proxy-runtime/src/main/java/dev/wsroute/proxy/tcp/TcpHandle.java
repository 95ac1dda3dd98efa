// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.SelfContained;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/** A connection's registration with the event loop: dispatches epoll's events. */
final class TcpHandle implements EpollIoHandle, SelfContained {

    private final TcpChannel channel;

    TcpHandle(TcpChannel channel) {
        this.channel = channel;
    }

    @Override
    public FileDescriptor fd() {
        return channel.socket();
    }

    @Override
    public void registered() {}

    @Override
    public void unregistered() {}

    @Override
    public void close() {
        channel.closeNow();
    }

    @Override
    public void handle(IoRegistration watched, IoEvent event) {
        try {
            int readiness = EpollEvents.of(event);
            if (EpollEvents.isWritable(readiness)) {
                channel.writable();
            }
            if (EpollEvents.isReadable(readiness) && channel.isActive()) {
                channel.reader().readable(EpollEvents.isEnded(readiness), EpollEvents.isBroken(readiness));
            }
        } catch (Throwable e) {
            Containment.failed(channel, FailurePoint.IO, e);
        }
    }
}
