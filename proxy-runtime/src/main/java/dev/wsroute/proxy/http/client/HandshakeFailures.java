// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.TlsFailure;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts failed TLS handshakes. Anybody can cause them, so at most one line a minute is logged; each is logged at level
 * DEBUG. Thread-safe.
 */
public final class HandshakeFailures {

    private static final Logger LOG = LoggerFactory.getLogger(HandshakeFailures.class);
    private static final long LOG_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final ProxyMetrics metrics;
    private final LongAdder unlogged = new LongAdder();
    private final AtomicLong loggedAt = new AtomicLong();

    public HandshakeFailures(ProxyMetrics metrics) {
        this.metrics = metrics;
    }

    /** @param detail what happened */
    void failed(TlsFailure reason, String listener, SocketAddress peer, String detail) {
        metrics.tlsFailed(reason);
        LOG.debug("TLS handshake with {} on listener '{}' failed ({}): {}", peer, listener, reason.label(), detail);
        unlogged.increment();
        long now = System.nanoTime();
        long last = loggedAt.get();
        if ((last == 0 || now - last >= LOG_EVERY) && loggedAt.compareAndSet(last, now)) {
            LOG.info(
                    "{} TLS handshake(s) failed; the last one with {} on listener '{}' ({}): {}",
                    unlogged.sumThenReset(),
                    peer,
                    listener,
                    reason.label(),
                    detail);
        }
    }
}
