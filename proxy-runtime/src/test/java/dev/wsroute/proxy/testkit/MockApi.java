package dev.wsroute.proxy.testkit;

import dev.wsroute.proxy.kube.Api;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

/** A scripted Kubernetes API and a client of it. */
public final class MockApi implements AutoCloseable {

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private final KubernetesClient client;

    public MockApi() {
        server.init();
        client = Api.connect(new ConfigBuilder()
                .withMasterUrl(server.url("/"))
                .withNamespace("apps")
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(10)
                .withRequestTimeout(60_000)
                .withConnectionTimeout(60_000)
                .build());
    }

    public KubernetesMockServer server() {
        return server;
    }

    public KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
