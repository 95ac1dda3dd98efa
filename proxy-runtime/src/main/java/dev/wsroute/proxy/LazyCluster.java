// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.admin.Liveness;
import dev.wsroute.config.UsableEndpoints;
import dev.wsroute.proxy.ProxyOptions.ObjectName;
import dev.wsroute.proxy.discovery.OwnAddresses;
import dev.wsroute.proxy.rebalance.OtherProxies;
import dev.wsroute.proxy.server.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates the client of the Kubernetes API on first use. All methods may be called on any thread. */
final class LazyCluster implements AutoCloseable {

    private final ProxyOptions options;
    private final Duration patience;
    private @Nullable Liveness liveness;
    private @Nullable ClusterAccess access;

    /** @param patience how long the client's event loop may take for a task */
    LazyCluster(ProxyOptions options, Duration patience) {
        this.options = options;
        this.patience = patience;
    }

    /** Adds the client to the liveness check. Call before the first use. */
    synchronized void watchedBy(Liveness watcher) {
        liveness = watcher;
    }

    synchronized ClusterAccess get() {
        if (access == null) {
            ObjectName configMap = options.configMap();
            access = new ClusterAccess(
                    Transport.choose(options.io()),
                    usableEndpoints(),
                    configMap == null ? null : configMap.namespace());
            if (liveness != null) {
                access.watchedBy(liveness, patience);
            }
        }
        return access;
    }

    /** How the proxy finds out about the others; null if it does not report. */
    @Nullable OtherProxies otherProxies() {
        ObjectName reports = options.reportConfigMap();
        return reports == null
                ? null
                : new OtherProxies(Objects.requireNonNull(options.podName()), every -> get().reports(reports, every));
    }

    private UsableEndpoints usableEndpoints() {
        Set<Integer> ports = new HashSet<>(options.listen().values());
        ports.add(options.admin().port());
        return OwnAddresses.usableEndpoints(
                options.bindAddress(), ports, options.podName(), options.loopbackEndpoints());
    }

    @Override
    public synchronized void close() {
        if (access != null) {
            access.close();
        }
    }
}
