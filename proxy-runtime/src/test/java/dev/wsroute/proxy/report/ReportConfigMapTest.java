// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.proxy.testkit.ScriptedApi;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportConfigMapTest {

    private static final String PATH =
            "/api/v1/namespaces/apps/configmaps/chat-proxy-report?fieldManager=wsroute-proxy-pod-1&force=true";
    private static final ProxyReport REPORT = new ProxyReport(new ConfigVersion(3, "abc"), null, 12);

    private final ScriptedApi api = new ScriptedApi();
    private final ReportConfigMap report = new ReportConfigMap(api.client(), "apps", "chat-proxy-report", "pod-1");

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void theReportIsAppliedAsTheOneKeyOfThePodByItsOwnFieldManager() throws Exception {
        api.answer("PATCH " + PATH, 200, "{}");

        report.write(REPORT);

        ScriptedApi.Request request = api.request();
        assertThat(request.contentType()).startsWith("application/apply-patch+yaml");
        JsonNode body = new ObjectMapper().readTree(request.body());
        assertThat(body.path("data").size()).isEqualTo(1);
        assertThat(new ObjectMapper().readTree(body.path("data").path("pod-1").asText()))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"applied\":{\"generation\":3,\"hash\":\"abc\"},\"connections\":12}"));
        assertThat(body.path("metadata").path("managedFields").isMissingNode()).isTrue();
    }

    @Test
    void aRefusedWriteIsASentenceForTheReporter() {
        api.answer("PATCH " + PATH, 403, "{\"kind\":\"Status\",\"code\":403,\"message\":\"it is forbidden\"}");

        assertThatThrownBy(() -> report.write(REPORT))
                .isInstanceOf(IOException.class)
                .hasMessage("the server answered 403: it is forbidden");
    }
}
