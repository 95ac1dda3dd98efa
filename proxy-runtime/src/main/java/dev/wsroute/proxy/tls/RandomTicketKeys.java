// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Random ticket keys of this process, for listeners without a source of keys, or until the source has reported. Confined to the
 * control thread.
 */
final class RandomTicketKeys {

    /** As the operator rotates the keys that proxies share. */
    private static final Duration ROTATION = Duration.ofHours(12);

    private final InstantSource clock;
    private TicketKeys keys = TicketKeys.random();
    private Instant since;

    RandomTicketKeys(InstantSource clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    /** The keys to use now. */
    TicketKeys current() {
        Instant now = clock.instant();
        if (now.isBefore(since)) {
            // The clock was set back: better a key that lives longer once than one that lives until the old time.
            since = now;
        } else if (!now.isBefore(since.plus(ROTATION))) {
            keys = keys.rotated();
            since = now;
        }
        return keys;
    }
}
