package dev.wsroute.proxy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Everything that is counted for one backend of one route. What happens per read burst touches adders only. */
final class BackendMeters {

    private final MeterRegistry registry;
    private final Tags tags;
    private final LongAdder live = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder ejections = new LongAdder();
    private final Traffic fromClient = new Traffic(new LongAdder(), new LongAdder());
    private final Traffic fromBackend = new Traffic(new LongAdder(), new LongAdder());
    private final Timer handshakes;
    private final List<Meter> meters = new ArrayList<>();
    private final Map<Ending, Counter> endings = new ConcurrentHashMap<>();
    private final Map<Integer, Timer> exchanges = new ConcurrentHashMap<>();

    private record Traffic(LongAdder bytes, LongAdder messages) {}

    private record Ending(String initiator, String code) {}

    /** @param ejectedNow how many endpoints are left out */
    BackendMeters(MeterRegistry registry, String route, String backend, Supplier<Number> ejectedNow) {
        this.registry = registry;
        this.tags = Tags.of("route", route, "backend", backend);
        meters.add(Gauge.builder("wsroute.connections", live, LongAdder::sum)
                .description("Live WebSocket connections")
                .tags(tags)
                .register(registry));
        count("wsroute.connections.opened", "WebSocket connections opened", tags, opened);
        count("wsroute.connect.failures", "Connections to endpoints that failed", tags, connectFailures);
        count("wsroute.ejections", "Times that an endpoint was left out for its failures", tags, ejections);
        meters.add(Gauge.builder("wsroute.endpoints.ejected", ejectedNow)
                .description("Endpoints that are left out for their failures")
                .tags(tags)
                .register(registry));
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
        }
        handshakes = Timer.builder("wsroute.handshake")
                .description("From the request head to the 101")
                .tags(tags)
                .register(registry);
        meters.add(handshakes);
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

    void opened(long handshakeNanos) {
        live.increment();
        opened.increment();
        handshakes.record(handshakeNanos, TimeUnit.NANOSECONDS);
    }

    void ended() {
        live.decrement();
    }

    boolean idle() {
        return live.sum() == 0;
    }

    void closed(String initiator, String code) {
        endings.computeIfAbsent(
                        new Ending(initiator, code),
                        ending -> Counter.builder("wsroute.connections.closed")
                                .description("WebSocket connections closed, by who ended them and the close code")
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

    void connectFailed() {
        connectFailures.increment();
    }

    void ejected() {
        ejections.increment();
    }

    void exchange(int status, long nanos) {
        exchanges
                .computeIfAbsent(
                        status,
                        code -> Timer.builder("wsroute.http.exchange")
                                .description("Plain HTTP exchanges, from the request head to the end of the response")
                                .tags(tags.and("status", String.valueOf(code)))
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Takes them out of the registry. */
    void remove() {
        meters.forEach(registry::remove);
        endings.values().forEach(registry::remove);
        exchanges.values().forEach(registry::remove);
    }
}
