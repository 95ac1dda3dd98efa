// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.admin.Liveness;
import dev.wsroute.config.ObjectRef;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.config.UsableEndpoints;
import dev.wsroute.proxy.ProxyOptions.ObjectName;
import dev.wsroute.proxy.config.ConfigMapSource;
import dev.wsroute.proxy.config.ConfigSource;
import dev.wsroute.proxy.containment.LoggingScheduler;
import dev.wsroute.proxy.discovery.EndpointSource;
import dev.wsroute.proxy.discovery.SliceSource;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.ObjectMaterialSource;
import dev.wsroute.proxy.report.PolledReports;
import dev.wsroute.proxy.report.ReportConfigMap;
import dev.wsroute.proxy.report.ReportSource;
import dev.wsroute.proxy.report.ReportWriter;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.session.KeySource;
import dev.wsroute.proxy.session.SecretKeySource;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Everything that uses the Kubernetes API. A proxy that does not need the API never loads this class or the client. */
final class ClusterAccess implements AutoCloseable {

    private final EventLoopGroup loops;
    private final KubernetesApi api;
    private final ScheduledExecutorService worker = new LoggingScheduler("api", 3);

    private final UsableEndpoints usable;
    private final @Nullable String namespace;

    /**
     * @param transport transport of the client's connections, which have their own event loop
     * @param usable decides which endpoints of EndpointSlices are used
     * @param namespace of this proxy; null if it runs on its own
     */
    ClusterAccess(Transport transport, UsableEndpoints usable, @Nullable String namespace) {
        this.usable = usable;
        this.namespace = namespace;
        loops = transport.newEventLoops(1);
        api = new KubernetesApi(() -> KubernetesApi.find(System.getenv()), loops, transport.socketChannel());
    }

    /** Adds the client's event loop to the liveness check. */
    void watchedBy(Liveness liveness, Duration patience) {
        loops.forEach(loop -> liveness.watch("the event loop of the API client", loop, patience));
    }

    EndpointSource endpoints(SourceKey.Slices key) {
        return new SliceSource(api, key, worker, usable, !key.namespace().equals(namespace));
    }

    EndpointSource proxies(SourceKey.Proxies key) {
        return new SliceSource(api, key, worker, usable.loopback());
    }

    ConfigSource configuration(ObjectName configMap) {
        return new ConfigMapSource(api, configMap.namespace(), configMap.name(), worker);
    }

    KeySource sessionKey(SecretRef secret) {
        return new SecretKeySource(api, secret, worker);
    }

    MaterialSource secret(ObjectRef secret) {
        return ObjectMaterialSource.secret(api, secret, worker);
    }

    MaterialSource configMap(ObjectRef configMap) {
        return ObjectMaterialSource.configMap(api, configMap, worker);
    }

    ReportWriter report(ObjectName configMap, String podName) {
        return new ReportConfigMap(api, configMap.namespace(), configMap.name(), podName);
    }

    ReportSource reports(ObjectName configMap, Duration every) {
        return new PolledReports(api, configMap.namespace(), configMap.name(), every, worker);
    }

    @Override
    public void close() {
        worker.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
