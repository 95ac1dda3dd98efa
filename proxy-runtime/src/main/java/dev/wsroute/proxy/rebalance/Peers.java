// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The proxies of the route, by the slices of their Service, and their reports. A report is as old as the time since its sequence
 * number was last seen to change, so the clocks of the pods do not matter; one that was never seen to change is not believed.
 * Confined to the control thread.
 */
final class Peers {

    private final String own;
    private final LongSupplier nanoTime;
    private final Map<String, Seen> seen = new HashMap<>();
    private Map<String, Pod> pods = Map.of();
    private long changed;
    private long replacements;

    private record Pod(boolean ready, boolean terminating) {}

    private record Seen(ProxyReport report, long at, boolean confirmed) {

        long sequence() {
            return report.load() == null ? -1 : report.load().sequence();
        }
    }

    /** @param own name of this proxy's pod */
    Peers(String own, LongSupplier nanoTime) {
        this.own = own;
        this.nanoTime = nanoTime;
        this.changed = nanoTime.getAsLong();
    }

    /** The endpoints of the Service are these now. */
    void listed(EndpointSet endpoints) {
        Map<String, Pod> now = new TreeMap<>();
        for (Endpoint endpoint : endpoints.endpoints()) {
            String name = endpoint.podName() == null ? endpoint.key().id() : endpoint.podName();
            now.put(name, new Pod(endpoint.ready(), endpoint.terminating()));
        }
        if (!now.equals(pods)) {
            if (!now.keySet().equals(pods.keySet())) {
                replacements++;
            }
            pods = now;
            seen.keySet().retainAll(now.keySet());
            changing();
        }
    }

    /** Something that matters to all proxies has changed. */
    void changing() {
        changed = nanoTime.getAsLong();
    }

    /** Counts how often there were other proxies than before. One that is ready now and then is the same. */
    long replacements() {
        return replacements;
    }

    /** These are the reports now. Those of unknown pods do not count. */
    void reported(Map<String, ProxyReport> reports) {
        long now = nanoTime.getAsLong();
        for (String pod : pods.keySet()) {
            ProxyReport report = reports.get(pod);
            if (report != null) {
                Seen before = seen.get(pod);
                Seen after = new Seen(report, now, before != null && before.sequence() >= 0);
                // Also after a restart of the process, which counts from one again.
                if (before == null || before.sequence() != after.sequence()) {
                    seen.put(pod, after);
                }
            }
        }
    }

    /**
     * What is known now.
     *
     * @param version of the configuration that all should have
     * @param staleAfter the age from which a report does not count
     */
    Picture picture(@Nullable ConfigVersion version, Duration staleAfter) {
        return Optional.ofNullable(obstacle())
                .or(() -> pods.keySet().stream()
                        .flatMap(pod -> Optional.ofNullable(fault(pod, version, staleAfter)).stream())
                        .findFirst())
                .<Picture>map(Picture.Unclear::new)
                .orElseGet(() -> {
                    Map<String, Integer> connections = new HashMap<>();
                    pods.keySet().forEach(pod -> connections.put(pod, connections(pod)));
                    return new Picture.Clear(connections);
                });
    }

    /** Why the set of proxies is not what it will be; null if it is. */
    private @Nullable String obstacle() {
        for (Map.Entry<String, Pod> pod : pods.entrySet()) {
            if (pod.getValue().terminating() || !pod.getValue().ready()) {
                return pod.getKey() + (pod.getValue().terminating() ? " is terminating" : " is not ready");
            }
        }
        if (!pods.containsKey(own)) {
            return "this proxy is not among those of its Service";
        }
        if (pods.size() < 2) {
            return "there is no other proxy";
        }
        if (pods.keySet().stream().map(Peers::template).distinct().count() > 1) {
            return "proxies of more than one pod template run";
        }
        return nanoTime.getAsLong() - changed < Rebalancer.SETTLE.toNanos()
                ? "proxies or their configuration have just changed"
                : null;
    }

    /** The name of a Deployment's pod without its random end. */
    private static String template(String pod) {
        return pod.substring(0, Math.max(0, pod.lastIndexOf('-')));
    }

    private @Nullable String fault(String pod, @Nullable ConfigVersion version, Duration staleAfter) {
        Seen report = seen.get(pod);
        if (report == null
                || !report.confirmed()
                || report.sequence() < 0
                || nanoTime.getAsLong() - report.at() > staleAfter.toNanos()) {
            return pod + " has not reported lately";
        }
        return Objects.equals(hash(version), hash(report.report().applied()))
                ? null
                : pod + " has another configuration";
    }

    private static @Nullable String hash(@Nullable ConfigVersion version) {
        return version == null ? null : version.hash();
    }

    private int connections(String pod) {
        Seen report = seen.get(pod);
        return report == null
                ? 0
                : (int) Math.max(0, Math.min(Integer.MAX_VALUE, report.report().connections()));
    }
}
