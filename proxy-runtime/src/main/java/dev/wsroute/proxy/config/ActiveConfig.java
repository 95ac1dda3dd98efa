// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.proxy.access.AccessGates;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.discovery.EndpointDirectory;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.ConnectionDrainer;
import dev.wsroute.proxy.memory.ConnectionRoom;
import dev.wsroute.proxy.routing.RouteTable;
import dev.wsroute.proxy.session.SessionKeys;
import dev.wsroute.proxy.snapshot.LiveSnapshot;
import dev.wsroute.proxy.snapshot.Snapshot;
import dev.wsroute.proxy.tls.Certificates;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force: everything that changes together when the next one replaces it, and what may be released
 * afterwards. Used on the control thread only.
 */
public final class ActiveConfig {

    private final EndpointDirectory directory;
    private final Balancing balancing;
    private final SessionKeys sessionKeys;
    private final Certificates certificates;
    private final AccessGates gates;
    private final LiveSnapshot snapshot;
    private final ConnectionDrainer drainer;
    private final ConnectionRoom room;
    private @Nullable ProxyConfig current;

    /** @param room the number of connections that there is memory for */
    public ActiveConfig(
            EndpointDirectory directory,
            Balancing balancing,
            SessionKeys sessionKeys,
            Certificates certificates,
            AccessGates gates,
            LiveSnapshot snapshot,
            ConnectionDrainer drainer,
            ConnectionRoom room) {
        this.directory = directory;
        this.balancing = balancing;
        this.sessionKeys = sessionKeys;
        this.certificates = certificates;
        this.gates = gates;
        this.snapshot = snapshot;
        this.drainer = drainer;
        this.room = room;
    }

    /** The configuration in force; null before the first. */
    @Nullable ProxyConfig current() {
        return current;
    }

    /** One sentence why a configuration asks for more than this process has; null when it does not. */
    @Nullable String shortage(ProxyConfig config) {
        return ConnectionCapacity.fault(config, room);
    }

    /**
     * Completes when something is known of the endpoints of every backend, the session key, the certificates, and what access
     * rules need. A key or certificate that does not arrive within {@code patience} keeps no proxy from becoming ready.
     */
    CompletableFuture<Void> known(ProxyConfig next, Duration patience) {
        return CompletableFuture.allOf(
                directory.require(BackendSources.of(next)),
                within(patience, sessionKeys.require(next)),
                within(patience, certificates.require(next)),
                within(patience, gates.require(next)));
    }

    private static CompletableFuture<Void> within(Duration patience, CompletableFuture<Void> known) {
        return known.copy().completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Clients of a new socket wait in its accept queue until the configuration takes effect. */
    void swap(ProxyConfig next, Listeners.ListenerChange change) {
        boolean swapped = false;
        try {
            directory.update(BackendSources.of(next));
            sessionKeys.applied(next);
            certificates.applied(next);
            gates.applied(next);
            snapshot.swap(Snapshot.of(
                    next,
                    RouteTable.compile(next, balancing::selector, certificates::backend, gates::gate),
                    ConnectionCapacity.of(next, room)));
            current = next;
            swapped = true;
        } finally {
            if (swapped) {
                change.complete();
            } else {
                change.abandon();
            }
        }
    }

    /** Closes the connections that the configuration in force no longer has a route for. */
    void closeOrphans() {
        if (current != null) {
            drainer.applied(current);
        }
    }

    /**
     * Stops watching endpoints that neither the configuration nor a connection needs any more.
     *
     * @param pending the configuration that is about to be applied; null: there is none
     */
    void release(@Nullable ProxyConfig pending) {
        ProxyConfig config = current;
        if (config == null) {
            return;
        }
        Map<SourceKey, BackendConfig> wanted = BackendSources.of(config);
        if (pending != null) {
            wanted.putAll(BackendSources.of(pending));
        }
        Set<SourceKey> inUse = new HashSet<>(balancing.leased());
        inUse.addAll(wanted.keySet());
        directory.retain(inUse);
        balancing.retain(inUse, config.routes().stream().map(RouteConfig::name).collect(Collectors.toSet()));
        drainer.forget(endpoint -> balancing.live(endpoint) > 0);
    }
}
