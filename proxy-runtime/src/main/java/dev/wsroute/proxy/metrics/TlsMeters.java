// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** TLS on listeners: handshakes, those that failed by reason, and the certificates' expiry. */
final class TlsMeters {

    private final Map<TlsFailure, Counter> failures = new EnumMap<>(TlsFailure.class);
    private final MultiGauge expiry;
    private final MeterRegistry registry;
    /** By listener, full and resumed. The listeners of all configurations so far, which are few. */
    private final Map<String, Handshakes> handshakes = new ConcurrentHashMap<>();

    private record Handshakes(Counter full, Counter resumed) {

        static Handshakes of(MeterRegistry registry, String listener) {
            return new Handshakes(counter(registry, listener, false), counter(registry, listener, true));
        }

        private static Counter counter(MeterRegistry registry, String listener, boolean resumed) {
            return Counter.builder("wsroute.tls.handshakes")
                    .description("TLS handshakes with clients that succeeded")
                    .tag("listener", listener)
                    .tag("resumed", String.valueOf(resumed))
                    .register(registry);
        }
    }

    TlsMeters(MeterRegistry registry) {
        this.registry = registry;
        for (TlsFailure reason : TlsFailure.values()) {
            failures.put(
                    reason,
                    Counter.builder("wsroute.tls.handshake.failures")
                            .description("TLS handshakes with clients that failed")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        expiry = MultiGauge.builder("wsroute.certificate.expiry.seconds")
                .description("Seconds until the first certificate of a listener expires; negative once it has")
                .register(registry);
    }

    void established(String listener, boolean resumed) {
        Handshakes known = handshakes.get(listener);
        if (known == null) {
            known = handshakes.computeIfAbsent(listener, name -> Handshakes.of(registry, name));
        }
        (resumed ? known.resumed() : known.full()).increment();
    }

    void failed(TlsFailure reason) {
        Counter counter = failures.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** @param soonest by listener */
    void certificates(Map<String, Instant> soonest) {
        List<Row<?>> rows = soonest.entrySet().stream()
                .<Row<?>>map(entry -> Row.of(
                        Tags.of("listener", entry.getKey()),
                        entry.getValue(),
                        end -> Duration.between(Instant.now(), end).toSeconds()))
                .toList();
        expiry.register(rows, true);
    }
}
