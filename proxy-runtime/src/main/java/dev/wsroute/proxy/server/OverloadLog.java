// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when overload begins, at most once a minute. Thread-safe. */
final class OverloadLog {

    private static final Logger LOG = LoggerFactory.getLogger(OverloadLog.class);
    private static final long LOG_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final LongAdder refused = new LongAdder();
    private final AtomicLong loggedAt;

    /** @param now as {@link System#nanoTime} */
    OverloadLog(long now) {
        loggedAt = new AtomicLong(now - LOG_EVERY);
    }

    void refused() {
        refused.increment();
    }

    /** The overload of a listener begins. */
    void begins(long now) {
        long last = loggedAt.get();
        if (now - last >= LOG_EVERY && loggedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "Overload: more clients connect than the proxy can serve, and it refuses the excess; it has refused {} so far",
                    refused.sum());
        }
    }
}
