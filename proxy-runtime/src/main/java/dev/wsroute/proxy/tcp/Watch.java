// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/** A socket's registration with epoll. All methods are called on the event loop. */
final class Watch {

    private @Nullable IoRegistration registration;
    private @Nullable EpollIoOps current;

    /**
     * Registers the socket.
     *
     * @param first events that are reported from the start; null for none before {@link #on}
     * @param promise is completed with the result
     */
    void register(EventLoop loop, EpollIoHandle socket, @Nullable EpollIoOps first, ChannelPromise promise) {
        Containment.whenDone(((IoEventLoop) loop).register(socket), promise.channel(), done -> {
            if (done.isSuccess()) {
                registration = done.getNow();
                if (first != null) {
                    on(first);
                }
                promise.setSuccess();
            } else {
                promise.setFailure(done.cause());
            }
        });
    }

    /** Makes epoll report these events and no others. */
    void on(EpollIoOps events) {
        IoRegistration watched = registration;
        if (watched != null && !events.equals(current)) {
            current = events;
            watched.submit(events);
        }
    }

    /** Ends the registration. Further calls have no effect. */
    void end() {
        IoRegistration watched = registration;
        if (watched != null) {
            registration = null;
            watched.cancel();
        }
    }
}
