// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.proxy.kube.KubernetesApi;
import java.io.IOException;
import java.util.Map;

/** Writes the report to a ConfigMap by server-side apply. Each proxy owns one key, its pod's name. */
public final class ReportConfigMap implements ReportWriter {

    private final ObjectMapper mapper = new ObjectMapper();
    private final KubernetesApi api;
    private final String namespace;
    private final String name;
    private final String podName;

    public ReportConfigMap(KubernetesApi api, String namespace, String name, String podName) {
        this.api = api;
        this.namespace = namespace;
        this.name = name;
        this.podName = podName;
    }

    @Override
    public void write(ProxyReport report) throws IOException {
        api.applyConfigMap(
                namespace, name, "wsroute-proxy-" + podName, Map.of(podName, mapper.writeValueAsString(report)));
    }
}
