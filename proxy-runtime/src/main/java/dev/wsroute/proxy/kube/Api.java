package dev.wsroute.proxy.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

/** How this program talks to the Kubernetes API. */
public final class Api {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int RECONNECT_MILLIS = 100;

    private Api() {}

    /**
     * A client configured by the pod's service account or the environment variable KUBECONFIG. Requests are not retried
     * by it: who asks knows better when to ask again.
     */
    public static KubernetesClient connect() {
        Config config = new ConfigBuilder(Config.autoConfigure(null))
                .withUserAgent("wsroute-proxy")
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(REQUEST_MILLIS)
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(RECONNECT_MILLIS)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }
}
