package dev.wsroute.proxy.server;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Place;
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
 * On a listener: when connections cannot be accepted, for want of file descriptors as a rule, waits before it tries again.
 * Those who connect meanwhile wait in the kernel's queue, and the connections that are there go on. Without the pause the
 * readable listener would keep its event loop busy.
 */
final class AcceptPause extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);
    private static final int ECONNABORTED = -103;

    private final ProxyMetrics metrics;
    private final AtomicLong warnedAt;

    /** @param warnedAt when any listener last warned, of {@link System#nanoTime}; 0: never */
    AcceptPause(ProxyMetrics metrics, AtomicLong warnedAt) {
        this.metrics = metrics;
        this.warnedAt = warnedAt;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof NativeIoException told && told.expectedErr() == ECONNABORTED) {
            // The client has gone while it waited: no reason to let the others wait.
            return;
        }
        metrics.acceptPaused();
        warn(cause);
        Channel listener = ctx.channel();
        if (listener.config().isAutoRead()) {
            listener.config().setAutoRead(false);
            Containment.schedule(
                    listener.eventLoop(),
                    Place.ACCEPT,
                    PAUSE.toNanos(),
                    () -> listener.config().setAutoRead(true));
        }
    }

    private void warn(Throwable cause) {
        long now = System.nanoTime();
        long last = warnedAt.get();
        if ((last == 0 || now - last >= WARN_EVERY) && warnedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "Connections cannot be accepted for now; raise the limit of open files, or set connectionsPerProxy"
                            + " below it: {}",
                    cause.getMessage());
        }
    }
}
