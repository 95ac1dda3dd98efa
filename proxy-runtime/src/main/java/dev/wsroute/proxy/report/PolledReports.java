// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.proxy.kube.KubernetesApi;
import dev.wsroute.proxy.kube.PolledConfigMap;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reports in the ConfigMap to which all proxies of a route write them. */
public final class PolledReports implements ReportSource {

    private static final Logger LOG = LoggerFactory.getLogger(PolledReports.class);

    /** The longest report, in characters, as for the operator; a normal one takes a few hundred. */
    private static final int MAX_REPORT = 8 * 1024;

    /** Reports of newer proxies may have further fields. */
    private final ObjectMapper mapper = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final PolledConfigMap configMap;

    /** @param worker may block in requests */
    public PolledReports(
            KubernetesApi api, String namespace, String name, Duration every, ScheduledExecutorService worker) {
        this.configMap = new PolledConfigMap(api, namespace, name, every, worker);
    }

    @Override
    public void start(Consumer<Map<String, ProxyReport>> reports) {
        configMap.start(data -> reports.accept(readable(data)));
    }

    private Map<String, ProxyReport> readable(Map<String, String> data) {
        Map<String, ProxyReport> found = new HashMap<>();
        data.forEach((pod, text) -> {
            if (text.length() <= MAX_REPORT) {
                try {
                    ProxyReport report = mapper.readValue(text, ProxyReport.class);
                    if (report != null) {
                        found.put(pod, report);
                    }
                } catch (JsonProcessingException e) {
                    LOG.debug("The report of {} cannot be read", pod, e);
                }
            }
        });
        return found;
    }

    @Override
    public void close() {
        configMap.close();
    }
}
