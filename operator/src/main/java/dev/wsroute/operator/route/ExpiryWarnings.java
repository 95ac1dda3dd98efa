// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.status.CertificateHealth;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of certificates that expire soon and were not renewed, by an Event and a log line: once a day for each certificate, and
 * once more if the operator restarts.
 */
final class ExpiryWarnings {

    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWarnings.class);
    private static final String REASON = "CertificateExpiring";
    private static final Duration INTERVAL = Duration.ofDays(1);

    private final Clock clock;
    private final RouteEvents events;
    private final Map<String, Instant> warned = new ConcurrentHashMap<>();

    ExpiryWarnings(Clock clock, RouteEvents events) {
        this.clock = clock;
        this.events = events;
    }

    /** @return after what time to reconcile the route again even if no event arrives; zero: never */
    Duration warn(WebSocketRoute route, CertificateHealth certificates, KubernetesClient client) {
        Instant now = clock.instant();
        warned.values().removeIf(last -> !last.plus(INTERVAL).isAfter(now));
        Duration next = certificates
                .nextChange()
                .map(change -> Duration.between(now, change))
                .orElse(INTERVAL);
        for (String sentence : certificates.expiring()) {
            Instant last = warned.putIfAbsent(route.getMetadata().getUid() + " " + sentence, now);
            if (last == null) {
                LOG.warn("{}: {}", REASON, sentence);
                events.write(route, REASON, true, REASON, sentence, client);
            }
            Duration again = Duration.between(now, (last == null ? now : last).plus(INTERVAL));
            next = again.compareTo(next) < 0 ? again : next;
        }
        boolean never =
                certificates.nextChange().isEmpty() && certificates.expiring().isEmpty();
        return never ? Duration.ZERO : next;
    }
}
