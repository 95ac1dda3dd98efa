package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

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
        return connect(config);
    }

    /**
     * A client that knows only the kinds that this program reads. fabric8 would load the classes of every kind there is,
     * which costs each proxy some 20 MB.
     */
    public static KubernetesClient connect(Config config) {
        KubernetesSerialization kinds = new KubernetesSerialization(new ObjectMapper(), false);
        kinds.registerKubernetesResource(ConfigMap.class);
        kinds.registerKubernetesResource(ConfigMapList.class);
        kinds.registerKubernetesResource(EndpointSlice.class);
        kinds.registerKubernetesResource(EndpointSliceList.class);
        kinds.registerKubernetesResource(Secret.class);
        kinds.registerKubernetesResource(SecretList.class);
        kinds.registerKubernetesResource(Status.class);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(kinds)
                .build();
    }
}
