package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/** A socket's place in the epoll instance of its event loop, on which all is called. */
final class Watch {

    private @Nullable IoRegistration registration;
    private @Nullable EpollIoOps told;

    /**
     * Puts it there.
     *
     * @param first of what it is told at once; null: of nothing until it is {@link #on}
     * @param promise hears how that went
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

    /** From now on it is told of these, and of no others. */
    void on(EpollIoOps events) {
        IoRegistration watched = registration;
        if (watched != null && !events.equals(told)) {
            told = events;
            watched.submit(events);
        }
    }

    /** Takes it out, unless that has been done. */
    void end() {
        IoRegistration watched = registration;
        if (watched != null) {
            registration = null;
            watched.cancel();
        }
    }
}
