package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
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
     */
    void limit(Channel channel, int millis) {
        if (millis > 0) {
            clock = Containment.schedule(channel, TimeUnit.MILLISECONDS.toNanos(millis), () -> {
                if (promise.tryFailure(
                        new ConnectTimeoutException("connection timed out after " + millis + " ms: " + address))) {
                    channel.close();
                }
            });
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
