package dev.wsroute.proxy.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.ProxyReport;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;

/** Writes the report under the pod's name by server-side apply: each proxy owns its own key of the ConfigMap. */
public final class ReportConfigMap implements ReportWriter {

    private final ObjectMapper mapper = new ObjectMapper();
    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String podName;

    public ReportConfigMap(KubernetesClient client, String namespace, String name, String podName) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.podName = podName;
    }

    @Override
    public void write(ProxyReport report) throws IOException {
        ConfigMap own = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .addToData(podName, mapper.writeValueAsString(report))
                .build();
        try {
            client.configMaps()
                    .inNamespace(namespace)
                    .resource(own)
                    .fieldManager("wsroute-proxy-" + podName)
                    .forceConflicts()
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
