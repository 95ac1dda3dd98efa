// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import dev.wsroute.config.JwtProvider;
import dev.wsroute.config.KeySource;
import dev.wsroute.config.ProxyReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which fetched key sets lacked the key that a token names, in the last {@value #LATELY_MINUTES} minutes. Anybody can send such a token: what is
 * remembered is bounded by the document, and who fetches has a cool-down. Thread-safe.
 */
final class UnknownKeys {

    private static final int LATELY_MINUTES = 2;
    private static final long LATELY = Duration.ofMinutes(LATELY_MINUTES).toMillis();

    /** The ConfigMap of a route in which the operator publishes the key sets that it fetches ends with this. */
    private static final String FETCHED = "-proxy-jwks";

    private final InstantSource clock;
    private final Map<String, Long> seen = new ConcurrentHashMap<>();
    private volatile @Nullable Runnable news;

    UnknownKeys(InstantSource clock) {
        this.clock = clock;
    }

    /** @param changed called on any thread if a set is added; must not block */
    void onNews(Runnable changed) {
        news = changed;
    }

    /** A token names a key that this provider does not have. */
    void saw(JwtProvider provider) {
        long now = clock.millis();
        boolean added = false;
        for (KeySource source : provider.keys()) {
            if (source.configMap() != null && source.configMap().name().endsWith(FETCHED)) {
                Long before = seen.put(source.key(), now);
                added |= before == null || now - before > LATELY;
            }
        }
        Runnable changed = news;
        if (added && changed != null) {
            changed.run();
        }
    }

    /** The keys of the sets in that ConfigMap, at most {@value ProxyReport#MOST_UNKNOWN_KEYS}. */
    List<String> lately() {
        long since = clock.millis() - LATELY;
        seen.values().removeIf(time -> time < since);
        return seen.keySet().stream()
                .sorted()
                .limit(ProxyReport.MOST_UNKNOWN_KEYS)
                .toList();
    }
}
