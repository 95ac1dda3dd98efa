// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.metrics;

import dev.wsroute.config.ConnectionRules.RateAction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** All meters of one backend of one route. Updates per read burst only touch adders. */
final class BackendMeters {

    private static final String CONNECT = "connect";
    private static final String UPGRADE = "upgrade";
    private static final String TOTAL = "total";
    private static final Duration[] BUCKETS = IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Tags tags;
    private final LongAdder live = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder connectRetries = new LongAdder();
    private final LongAdder ejections = new LongAdder();
    private final Traffic fromClient = new Traffic();
    private final Traffic fromBackend = new Traffic();
    private final RateMeters rates;
    private final Map<String, Timer> handshakes;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
    private final Map<TunnelOutcome, Counter> resets = new ConcurrentHashMap<>();
    private final Map<Integer, Timer> exchanges = new ConcurrentHashMap<>();
    private final Map<BackendTlsFailure, Counter> tlsFailures = new ConcurrentHashMap<>();
    /** By whether a session was resumed. */
    private final Map<Boolean, Counter> tlsHandshakes = new ConcurrentHashMap<>();

    private final Map<ZoneRelation, Counter> zones = new ConcurrentHashMap<>();

    private record Traffic(
            LongAdder bytes, LongAdder messages, LongAdder pauses, LongAdder pausedNanos, LongAdder pausedNow) {

        Traffic() {
            this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    private record Ending(String initiator, String code) {}

    /** @param endpoints number of endpoints by state */
    BackendMeters(
            MeterRegistry registry,
            String route,
            String backend,
            ToIntFunction<EndpointCounts.EndpointPhase> endpoints) {
        this.registry = registry;
        this.tags = Tags.of("route", route, "backend", backend);
        meters.add(Gauge.builder("wsroute.connections", live, LongAdder::sum)
                .description("Live WebSocket connections")
                .tags(tags)
                .register(registry));
        count("wsroute.connections.opened", "WebSocket connections opened", tags, opened);
        count("wsroute.connect.failures", "Failed connection attempts to endpoints", tags, connectFailures);
        count("wsroute.ejections", "Ejections of endpoints after repeated failures", tags, ejections);
        count(
                "wsroute.connect.retries",
                "Connection attempts to another endpoint after a" + " failure",
                tags,
                connectRetries);
        for (EndpointCounts.EndpointPhase state : EndpointCounts.EndpointPhase.values()) {
            meters.add(Gauge.builder("wsroute.endpoints", () -> endpoints.applyAsInt(state))
                    .description("Known endpoints")
                    .tags(tags.and("state", state.name().toLowerCase(Locale.ROOT)))
                    .register(registry));
        }
        for (Direction direction : Direction.values()) {
            Tags both = tags.and("direction", direction.name().toLowerCase(Locale.ROOT));
            count(
                    "wsroute.bytes",
                    "Bytes relayed, frame headers included",
                    both,
                    traffic(direction).bytes());
            count(
                    "wsroute.messages",
                    "WebSocket data messages relayed",
                    both,
                    traffic(direction).messages());
            registerPauses(both, traffic(direction));
        }
        rates = new RateMeters(registry, tags);
        handshakes = Map.of(CONNECT, phase(CONNECT), UPGRADE, phase(UPGRADE), TOTAL, phase(TOTAL));
        meters.addAll(handshakes.values());
    }

    private Timer phase(String phase) {
        return Timer.builder("wsroute.handshake")
                .description("Duration of handshakes: until the backend is connected, from then to the 101, and in"
                        + " total")
                .tags(tags.and("phase", phase))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private void registerPauses(Tags both, Traffic traffic) {
        count(
                "wsroute.backpressure.pauses",
                "Pauses in reading because the other side reads too" + " slowly",
                both,
                traffic.pauses());
        meters.add(FunctionCounter.builder(
                        "wsroute.backpressure.paused.seconds",
                        traffic,
                        t -> t.pausedNanos().sum() / 1e9)
                .description("Duration of ended pauses in reading because the other side reads too slowly")
                .tags(both)
                .register(registry));
        meters.add(Gauge.builder("wsroute.backpressure.paused.connections", traffic.pausedNow(), LongAdder::sum)
                .description("Connections whose reading is paused now because the other side reads too slowly")
                .tags(both)
                .register(registry));
    }

    private void count(String name, String description, Tags of, LongAdder adder) {
        meters.add(FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description)
                .tags(of)
                .register(registry));
    }

    private Traffic traffic(Direction direction) {
        return direction == Direction.CLIENT_TO_BACKEND ? fromClient : fromBackend;
    }

    void opened(HandshakeTimes handshake) {
        live.increment();
        opened.increment();
        record(CONNECT, handshake.connect());
        record(UPGRADE, handshake.upgrade());
        record(TOTAL, handshake.total());
    }

    private void record(String phase, long nanos) {
        Objects.requireNonNull(handshakes.get(phase)).record(nanos, TimeUnit.NANOSECONDS);
    }

    void ended() {
        live.decrement();
    }

    boolean idle() {
        return live.sum() == 0;
    }

    void closed(TunnelOutcome end, String initiator, String code) {
        if (end.isReset()) {
            resets.computeIfAbsent(
                            end,
                            cause -> Counter.builder("wsroute.connections.reset")
                                    .description(
                                            "WebSocket connections that were reset because no Close could be exchanged")
                                    .tags(tags.and(
                                            "cause",
                                            cause.name()
                                                    .toLowerCase(Locale.ROOT)
                                                    .replace("reset_", "")))
                                    .register(registry))
                    .increment();
        }
        endings.computeIfAbsent(
                        new Ending(initiator, code),
                        ending -> Counter.builder("wsroute.connections.closed")
                                .description("WebSocket connections closed, by initiator and close code")
                                .tags(tags.and("initiator", initiator, "code", code))
                                .register(registry))
                .increment();
    }

    void relayed(Direction direction, long messageCount, long byteCount) {
        Traffic traffic = traffic(direction);
        traffic.bytes().add(byteCount);
        if (messageCount != 0) {
            traffic.messages().add(messageCount);
        }
    }

    void readingPaused(Direction direction) {
        Traffic traffic = traffic(direction);
        traffic.pauses().increment();
        traffic.pausedNow().increment();
    }

    void readingResumed(Direction direction, long nanos) {
        Traffic traffic = traffic(direction);
        traffic.pausedNanos().add(nanos);
        traffic.pausedNow().decrement();
    }

    void rateExceeded(RateAction action) {
        rates.exceeded(action);
    }

    void rateWaited(long nanos) {
        rates.waited(nanos);
    }

    void connectFailed() {
        connectFailures.increment();
    }

    void tlsEstablished(boolean resumed) {
        tlsHandshakes
                .computeIfAbsent(
                        resumed,
                        how -> Counter.builder("wsroute.backend.tls.handshakes")
                                .description("TLS handshakes with endpoints that succeeded")
                                .tags(tags.and("resumed", how.toString()))
                                .register(registry))
                .increment();
    }

    void tlsFailed(BackendTlsFailure reason) {
        tlsFailures
                .computeIfAbsent(
                        reason,
                        why -> Counter.builder("wsroute.backend.tls.failures")
                                .description("Failures of TLS with endpoints")
                                .tags(tags.and("reason", why.label()))
                                .register(registry))
                .increment();
    }

    void zoneChosen(ZoneRelation zone) {
        zones.computeIfAbsent(
                        zone,
                        where -> Counter.builder("wsroute.zone.connections.opened")
                                .description("WebSocket connections opened by rules with a topology, by the zone of the"
                                        + " endpoint seen from the proxy")
                                .tags(tags.and("zone", where.name().toLowerCase(Locale.ROOT)))
                                .register(registry))
                .increment();
    }

    void connectRetried() {
        connectRetries.increment();
    }

    void ejected() {
        ejections.increment();
    }

    void exchange(int status, long nanos) {
        exchanges
                .computeIfAbsent(
                        status,
                        code -> Timer.builder("wsroute.http.exchange")
                                .description("Duration of plain HTTP exchanges, from the request head to the end of"
                                        + " the response")
                                .tags(tags.and("status", String.valueOf(code)))
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Removes the meters from the registry. */
    void remove() {
        meters.forEach(registry::remove);
        rates.remove();
        endings.values().forEach(registry::remove);
        resets.values().forEach(registry::remove);
        exchanges.values().forEach(registry::remove);
        tlsFailures.values().forEach(registry::remove);
        tlsHandshakes.values().forEach(registry::remove);
        zones.values().forEach(registry::remove);
    }
}
