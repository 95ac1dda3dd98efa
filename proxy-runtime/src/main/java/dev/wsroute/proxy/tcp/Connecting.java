package dev.wsroute.proxy.tcp;

import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection that is being made. */
final class Connecting {

    private final InetSocketAddress address;
    private final ChannelPromise promise;
    private @Nullable Future<?> clock;

    Connecting(InetSocketAddress address, ChannelPromise promise) {
        this.address = address;
        this.promise = promise;
    }

    InetSocketAddress address() {
        return address;
    }

    ChannelPromise promise() {
        return promise;
    }

    /**
     * Fails after so long.
     *
     * @param millis 0: never
     * @param close closes the channel
     */
    void limit(EventLoop loop, int millis, Runnable close) {
        if (millis > 0) {
            clock = loop.schedule(
                    () -> {
                        if (promise.tryFailure(new ConnectTimeoutException(
                                "connection timed out after " + millis + " ms: " + address))) {
                            close.run();
                        }
                    },
                    millis,
                    TimeUnit.MILLISECONDS);
        }
    }

    void stopClock() {
        if (clock != null) {
            clock.cancel(false);
            clock = null;
        }
    }

    /** The channel was closed before it was connected. */
    void closed() {
        stopClock();
        promise.tryFailure(new ClosedChannelException());
    }
}
