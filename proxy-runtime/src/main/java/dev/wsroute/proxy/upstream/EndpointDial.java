// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.discovery.Endpoint;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one endpoint: to its address, and also to its alternative address once the first has failed or not
 * answered quickly (RFC 8305 §5). The first established connection is kept, the other one closed. Confined to one event
 * loop.
 */
final class EndpointDial {

    /** RFC 8305 §8: the recommended Connection Attempt Delay. */
    private static final Duration STAGGER = Duration.ofMillis(250);

    /** Receives the result: exactly one call, or none after {@link EndpointDial#cancel}. */
    interface DialListener {

        /** Connected. The listener owns the channel. */
        void connected(Channel backend);

        /** All addresses failed. */
        void refused(Throwable cause);

        /** An unexpected error, perhaps thrown by this listener. */
        void failed(Throwable cause);
    }

    private final BackendDialer dialer;
    private final EventLoop loop;
    private final Endpoint endpoint;
    private final long staggerNanos;
    private final DialListener listener;
    private final List<Channel> attempts = new ArrayList<>(2);
    private @Nullable InetSocketAddress next;
    private @Nullable Future<?> timer;
    /** Failure of the first address. More relevant than the other's, whose IP family this machine may lack. */
    private @Nullable Throwable failure;

    private boolean over;

    /** @param timeout timeout of one attempt */
    EndpointDial(BackendDialer dialer, EventLoop loop, Endpoint endpoint, Duration timeout, DialListener listener) {
        this.dialer = dialer;
        this.loop = loop;
        this.endpoint = endpoint;
        this.next = endpoint.other();
        // Leaves time for both addresses even if the timeout is short.
        this.staggerNanos = Math.min(STAGGER.toNanos(), timeout.toNanos() / 2);
        this.listener = listener;
    }

    /** Starts with the first address. */
    void start() {
        attempt(endpoint.address());
    }

    /** Cancels all attempts. */
    void cancel() {
        settle(null);
    }

    private void attempt(InetSocketAddress address) {
        ChannelFuture attempt;
        try {
            attempt = dialer.dial(loop, address);
        } catch (ChannelException e) {
            unsuccessful(address, e);
            return;
        }
        Channel channel = attempt.channel();
        attempts.add(channel);
        if (next != null) {
            timer = Containment.schedule(channel, staggerNanos, this::attemptNext);
        }
        Containment.whenDone(
                attempt,
                cause -> {
                    settle(null);
                    channel.close();
                    listener.failed(cause);
                },
                () -> finished(attempt, address));
    }

    private void attemptNext() {
        InetSocketAddress address = next;
        if (!over && address != null) {
            next = null;
            attempt(address);
        }
    }

    private void finished(ChannelFuture attempt, InetSocketAddress address) {
        attempts.remove(attempt.channel());
        if (over) {
            attempt.channel().close();
        } else if (attempt.isSuccess()) {
            settle(attempt.channel());
            listener.connected(attempt.channel());
        } else {
            unsuccessful(address, attempt.cause());
        }
    }

    private void unsuccessful(InetSocketAddress address, Throwable cause) {
        if (address.equals(endpoint.address())) {
            failure = cause;
        }
        if (next != null && !LocalShortage.ofDescriptors(cause)) {
            stopTimer();
            attemptNext();
        } else if (attempts.isEmpty() || cause instanceof ConnectTimeoutException) {
            // The timeout of the first attempt applies to both.
            settle(null);
            listener.refused(failure == null ? cause : failure);
        }
    }

    /** Closes all attempts except {@code kept}. */
    private void settle(@Nullable Channel kept) {
        over = true;
        stopTimer();
        if (attempts.isEmpty()) {
            return;
        }
        for (Channel attempt : List.copyOf(attempts)) {
            if (attempt != kept && attempt.isRegistered()) {
                attempt.close();
            }
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
