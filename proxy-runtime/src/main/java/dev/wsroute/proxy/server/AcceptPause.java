// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.Errors.NativeIoException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses a listener when accepting fails, usually because the process has no file descriptors left. New clients wait in
 * the kernel's accept queue; open connections are not affected. Without the pause the event loop would spin on the
 * readable listener.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);
    private static final int ECONNABORTED = -103;

    private final ProxyMetrics metrics;
    private final AtomicLong warnedAt;

    /** @param warnedAt when a listener last logged a warning, as {@link System#nanoTime}; 0 for never */
    AcceptPause(ProxyMetrics metrics, AtomicLong warnedAt) {
        this.metrics = metrics;
        this.warnedAt = warnedAt;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof NativeIoException failure && failure.expectedErr() == ECONNABORTED) {
            // The client disconnected while queued. Keep accepting the others.
            return;
        }
        metrics.acceptPaused();
        warn(cause);
        Channel listener = ctx.channel();
        if (listener.config().isAutoRead()) {
            listener.config().setAutoRead(false);
            Containment.schedule(
                    listener.eventLoop(),
                    FailurePoint.ACCEPT,
                    PAUSE.toNanos(),
                    () -> listener.config().setAutoRead(true));
        }
    }

    private void warn(Throwable cause) {
        long now = System.nanoTime();
        long last = warnedAt.get();
        if ((last == 0 || now - last >= WARN_EVERY) && warnedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "Cannot accept connections; raise the open file limit, or set connectionsPerProxy below it: {}",
                    cause.getMessage());
        }
    }
}
