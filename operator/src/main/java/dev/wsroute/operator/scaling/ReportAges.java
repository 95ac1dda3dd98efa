// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.scaling;

import dev.wsroute.operator.scaling.ProxyLoad.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How old the reports of a route's proxies are, by this operator's own clock: a report is as old as the time since its sequence
 * number was last seen to change. The clocks of the pods do not matter, and a new operator believes no report that it has not
 * seen change. Not thread-safe: a route is reconciled by one thread at a time.
 */
public final class ReportAges {

    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(long sequence, Instant changed, boolean confirmed) {}

    /**
     * Records what a proxy reports now.
     *
     * @param sequence of its last report; negative if it has not reported, or without a sequence
     * @param staleAfter how long it may be silent
     */
    public Freshness of(String pod, long sequence, Instant now, Duration staleAfter) {
        Seen before = seen.get(pod);
        Seen after = before == null
                ? new Seen(sequence, now, false)
                : before.sequence() != sequence
                        ? new Seen(sequence, now, sequence >= 0 && before.sequence() >= 0)
                        // After the clock was set back, the time counts from now.
                        : before.changed().isAfter(now) ? new Seen(sequence, now, before.confirmed()) : before;
        seen.put(pod, after);
        if (Duration.between(after.changed(), now).compareTo(staleAfter) > 0) {
            return Freshness.STALE;
        }
        return after.confirmed() ? Freshness.FRESH : Freshness.UNCONFIRMED;
    }

    /** Forgets all other proxies. */
    public void retain(Set<String> pods) {
        seen.keySet().retainAll(pods);
    }
}
