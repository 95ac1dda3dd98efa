// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Load;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolledReportsTest {

    private static final String TARGET =
            "/api/v1/namespaces/apps/configmaps?fieldSelector=metadata.name%3Dchat-proxy-report";
    private static final ProxyReport REPORT =
            new ProxyReport(new ConfigVersion(3, "abc"), null, 12, List.of(), new Load(7, 1, 0, null));

    private final ScriptedApi api = new ScriptedApi();
    private final ManualScheduler worker = new ManualScheduler();
    private final List<Map<String, ProxyReport>> received = new ArrayList<>();
    private final PolledReports reports =
            new PolledReports(api.client(), "apps", "chat-proxy-report", Duration.ofSeconds(20), worker);

    @AfterEach
    void stop() {
        reports.close();
        api.close();
    }

    @Test
    void whatAProxyWritesAnotherOneReads() throws JsonProcessingException {
        answer(Map.of("pod-1", json(REPORT)));

        assertThat(received).containsExactly(Map.of("pod-1", REPORT));
    }

    @Test
    void fieldsOfNewerProxiesAreIgnored() throws JsonProcessingException {
        answer(Map.of("pod-1", json(REPORT).replace("{\"applied\"", "{\"newer\":{\"a\":1},\"applied\"")));

        assertThat(received).containsExactly(Map.of("pod-1", REPORT));
    }

    @Test
    void anUnreadableOrOversizedReportSpoilsNoOther() throws JsonProcessingException {
        answer(Map.of(
                "pod-1",
                json(REPORT),
                "pod-2",
                "{\"connections\":",
                "pod-3",
                "null",
                "pod-4",
                json(REPORT) + " ".repeat(9000)));

        assertThat(received).containsExactly(Map.of("pod-1", REPORT));
    }

    private void answer(Map<String, String> data) throws JsonProcessingException {
        api.list(
                TARGET,
                200,
                "1",
                List.of("{\"metadata\":{\"name\":\"chat-proxy-report\"},\"data\":"
                        + new ObjectMapper().writeValueAsString(data) + "}"));
        reports.start(received::add);
        worker.advance(Duration.ZERO);
    }

    private static String json(ProxyReport report) throws JsonProcessingException {
        return new ObjectMapper().writeValueAsString(report);
    }
}
