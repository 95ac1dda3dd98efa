// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.config.ConfigListener;
import dev.wsroute.proxy.config.ConfigText;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointListener;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.Shedder;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections for the sake of balance, among the endpoints of a rule and among the proxies. Both share what they have asked
 * to close, so that no connection counts or closes twice. Confined to the control thread.
 */
public final class Rebalancing implements ConfigListener, EndpointListener {

    private final Rebalancer rules;
    private final @Nullable ProxyRebalancer proxies;

    /** @param others null if the proxy knows of no others */
    public Rebalancing(
            ConnectionRegistry connections,
            Balancing balancing,
            Shedder shedder,
            ScheduledExecutorService control,
            @Nullable OtherProxies others) {
        this(connections, balancing, shedder, control, System::nanoTime, ThreadLocalRandom::current, others);
    }

    Rebalancing(
            ConnectionRegistry connections,
            Balancing balancing,
            Shedder shedder,
            ScheduledExecutorService control,
            LongSupplier nanoTime,
            Supplier<RandomGenerator> random,
            @Nullable OtherProxies others) {
        AskedConnections asked = new AskedConnections(connections);
        rules = new Rebalancer(asked, balancing, shedder, control, nanoTime, random);
        proxies = others == null ? null : new ProxyRebalancer(asked, shedder, control, nanoTime, random, others);
    }

    /**
     * Checks that a proxy can compare itself with others if a document asks for that.
     *
     * @param reports whether it reports to a ConfigMap, where it finds the reports of the others
     * @return a sentence; null if it can, or need not
     */
    public static @Nullable String fault(ProxyConfig config, boolean reports) {
        return !config.rebalances() || (reports && config.proxies() != null && config.reports() != null)
                ? null
                : "rebalance.enabled must be false for a proxy that knows of no others: it finds them by proxies, reports and the"
                        + " flag --report-config-map, all of which the operator sets";
    }

    @Override
    public void applied(Parsed parsed, ConfigText text) {
        rules.applied(parsed.config());
        if (proxies != null) {
            proxies.applied(parsed.config());
        }
    }

    @Override
    public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
        // The previous one stays in effect.
    }

    @Override
    public void changed(SourceKey source, EndpointSet endpoints) {
        if (source instanceof SourceKey.Proxies own) {
            if (proxies != null) {
                proxies.listed(own, endpoints);
            }
        } else {
            rules.changed(source, endpoints);
        }
    }

    @Override
    public void leaving(SourceKey source, EndpointKey endpoint) {
        rules.leaving(source);
    }

    @Override
    public void retained(Set<SourceKey> sources) {
        rules.retained(sources);
        if (proxies != null) {
            proxies.retained(sources);
        }
    }

    /** Closes nothing any more: the proxy shuts down, which closes all. Thread-safe. */
    public void stop() {
        rules.stop();
        if (proxies != null) {
            proxies.stop();
        }
    }
}
