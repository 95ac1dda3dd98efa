package dev.wsroute.proxy;

import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.proxy.ProxyOptions.ObjectName;
import dev.wsroute.proxy.config.ConfigMapSource;
import dev.wsroute.proxy.config.ConfigSource;
import dev.wsroute.proxy.discovery.EndpointSource;
import dev.wsroute.proxy.discovery.SliceSource;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.kube.Api;
import dev.wsroute.proxy.report.ReportConfigMap;
import dev.wsroute.proxy.report.ReportWriter;
import dev.wsroute.proxy.session.KeySource;
import dev.wsroute.proxy.session.SecretKeySource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.ScheduledExecutorService;

/** All that needs the Kubernetes API. A proxy that does not need it never loads this class, nor the client. */
final class ClusterAccess implements AutoCloseable {

    private final KubernetesClient client = Api.connect();
    private final ScheduledExecutorService worker = new LoggingScheduler("api", 3);

    EndpointSource endpoints(SourceKey.Slices key) {
        return new SliceSource(client, key, worker);
    }

    ConfigSource configuration(ObjectName configMap) {
        return new ConfigMapSource(client, configMap.namespace(), configMap.name(), worker);
    }

    KeySource sessionKey(SecretRef secret) {
        return new SecretKeySource(client, secret, worker);
    }

    ReportWriter report(ObjectName configMap, String podName) {
        return new ReportConfigMap(client, configMap.namespace(), configMap.name(), podName);
    }

    @Override
    public void close() {
        worker.shutdownNow();
        client.close();
    }
}
