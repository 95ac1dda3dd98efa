// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.Shedder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the rules with {@code loadBalancing.rebalance} every {@link #EVERY}, and lets each close what its endpoints have in
 * excess. While the endpoints of a rule change, and for {@link #SETTLE} after that, it closes none: they may be back in a moment,
 * or their connections may be drained. Confined to the control thread.
 */
final class Rebalancer {

    /** From one look to the next; what is to be closed is spread over this time. */
    static final Duration EVERY = Duration.ofSeconds(10);

    /** How long endpoints must have been the same. */
    static final Duration SETTLE = Duration.ofSeconds(10);

    private final AskedConnections asked;
    private final Balancing balancing;
    private final Shedder shedder;
    private final ScheduledExecutorService control;
    private final LongSupplier nanoTime;
    private final Supplier<RandomGenerator> random;
    private final Map<RuleKey, RuleBalance> rules = new HashMap<>();
    private final Map<SourceKey, Set<EndpointKey>> known = new HashMap<>();
    private final Map<SourceKey, Long> changed = new HashMap<>();
    private @Nullable ProxyConfig config;

    private volatile boolean stopped;

    private record RuleKey(String route, String rule) {

        static RuleKey of(LiveConnection connection) {
            return new RuleKey(connection.route(), connection.rule());
        }
    }

    Rebalancer(
            AskedConnections asked,
            Balancing balancing,
            Shedder shedder,
            ScheduledExecutorService control,
            LongSupplier nanoTime,
            Supplier<RandomGenerator> random) {
        this.asked = asked;
        this.balancing = balancing;
        this.shedder = shedder;
        this.control = control;
        this.nanoTime = nanoTime;
        this.random = random;
        control.scheduleWithFixedDelay(this::look, EVERY.toNanos(), EVERY.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A configuration was applied. */
    void applied(ProxyConfig applied) {
        config = applied;
        Map<RuleKey, RuleConfig> now = new HashMap<>();
        applied.routes()
                .forEach(route -> route.rules().forEach(rule -> now.put(new RuleKey(route.name(), rule.name()), rule)));
        rules.entrySet().removeIf(entry -> !entry.getValue().isOf(now.get(entry.getKey())));
    }

    /** The endpoints of a source have changed. */
    void changed(SourceKey source, EndpointSet endpoints) {
        assert ThreadRules.on(control);
        Set<EndpointKey> now = endpoints.endpoints().stream()
                .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
                .map(Endpoint::key)
                .collect(Collectors.toSet());
        if (!now.equals(known.put(source, now))) {
            changed.put(source, nanoTime.getAsLong());
        }
    }

    /** An endpoint of the source is terminating or was removed. */
    void leaving(SourceKey source) {
        changed.put(source, nanoTime.getAsLong());
    }

    /** Only these sources are still watched. */
    void retained(Set<SourceKey> sources) {
        known.keySet().retainAll(sources);
        changed.keySet().retainAll(sources);
    }

    /** Closes nothing any more: the proxy shuts down, which closes all. Thread-safe. */
    void stop() {
        stopped = true;
    }

    private void look() {
        assert ThreadRules.on(control);
        Map<RuleKey, RuleBalance> looking = stopped || config == null ? Map.of() : settled(config);
        if (looking.isEmpty()) {
            return;
        }
        // One pass for all rules: there may be 100,000 connections.
        Map<RuleKey, List<LiveConnection>> own =
                asked.others(connection -> looking.containsKey(RuleKey.of(connection))).stream()
                        .collect(Collectors.groupingBy(RuleKey::of));
        looking.forEach((key, balance) -> {
            List<LiveConnection> chosen = balance.choose(own.getOrDefault(key, List.of()), EVERY, nanoTime.getAsLong());
            if (!chosen.isEmpty()) {
                asked.add(chosen);
                shedder.shed(chosen, CloseReason.REBALANCED, EVERY);
            }
        });
    }

    /** The rules that rebalance and whose endpoints do not change. */
    private Map<RuleKey, RuleBalance> settled(ProxyConfig of) {
        Map<RuleKey, RuleBalance> settled = new HashMap<>();
        for (RouteConfig route : of.routes()) {
            for (RuleConfig rule : route.rules()) {
                if (rule.loadBalancing().rebalances()) {
                    RuleKey key = new RuleKey(route.name(), rule.name());
                    RuleBalance balance = rules.computeIfAbsent(
                            key, absent -> new RuleBalance(route.name(), rule, balancing, random));
                    OptionalLong change = lastChange(route.name(), rule);
                    change.ifPresent(balance::changed);
                    if (change.isPresent() && nanoTime.getAsLong() - change.getAsLong() < SETTLE.toNanos()) {
                        balance.pause();
                    } else {
                        settled.put(key, balance);
                    }
                }
            }
        }
        return settled;
    }

    private OptionalLong lastChange(String route, RuleConfig rule) {
        return rule.backends().stream()
                .map(backend -> changed.get(SourceKey.of(route, rule.name(), backend)))
                .filter(Objects::nonNull)
                .mapToLong(at -> at)
                .max();
    }
}
