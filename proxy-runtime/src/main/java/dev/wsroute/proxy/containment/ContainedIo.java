// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.nio.NioIoHandle;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Creates I/O handlers that contain everything thrown for one socket. With Netty's own, an {@link Error} ends the event
 * loop and loses the events of all other sockets that are ready at the same time.
 */
record ContainedIo(IoHandlerFactory io, Failures failures) implements IoHandlerFactory {

    @Override
    public IoHandler newHandler(ThreadAwareExecutor loop) {
        return new Handler(io.newHandler(loop), failures);
    }

    @Override
    public boolean isChangingThreadSupported() {
        return io.isChangingThreadSupported();
    }

    private record Handler(IoHandler io, Failures failures) implements IoHandler {

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            if (handle instanceof SelfContained) {
                return io.register(handle);
            }
            return io.register(
                    handle instanceof EpollIoHandle epoll
                            ? new GuardedEpoll(epoll, failures)
                            : handle instanceof NioIoHandle nio ? new GuardedNio(nio, failures) : handle);
        }

        @Override
        public void initialize() {
            io.initialize();
        }

        @Override
        public int run(IoHandlerContext context) {
            return io.run(context);
        }

        @Override
        public void prepareToDestroy() {
            io.prepareToDestroy();
        }

        @Override
        public void destroy() {
            io.destroy();
        }

        @Override
        public void wakeup() {
            io.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handle) {
            return io.isCompatible(handle);
        }
    }
}
