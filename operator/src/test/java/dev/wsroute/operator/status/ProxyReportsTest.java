// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ConfigVersion;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports that a compromised proxy can write, and their effect. */
class ProxyReportsTest {

    private static final ConfigVersion VERSION = new ConfigVersion(3, "h");

    @Test
    void aRejectionIsReportedInOneLineOfBoundedLength() {
        String reason = "x\\r\\nReady: \\u001b[31mTrue\\u2028\\u202e" + "y".repeat(5000);

        Optional<String> told = refusal(Map.of("chat-proxy-1", "{\"refused\":{\"reason\":\"" + reason + "\"}}"));

        assertThat(told)
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("Proxy chat-proxy-1 rejected the configuration:"
                                + " x\\r\\nReady: \\u001b[31mTrue\\u2028\\u202eyyy")
                        .hasSizeLessThan(1200));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"applied\":{}}",
                "{\"applied\":{\"generation\":3}}",
                "{\"applied\":{\"generation\":1e999,\"hash\":\"h\"}}",
                "{\"refused\":{\"version\":{}}}",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[",
            })
    void aReportWithoutUsefulContentHasNoEffect(String text) {
        Map<String, String> data = Map.of("chat-proxy-1", text);

        assertThat(refusal(data)).isEmpty();
        assertThat(reports(data).running(VERSION, Set.of("chat-proxy-1"))).isZero();
    }

    @Test
    void aDeeplyNestedReportHasNoEffect() {
        assertThat(refusal(Map.of("chat-proxy-1", "{\"a\":".repeat(1600)))).isEmpty();
        assertThat(refusal(Map.of("chat-proxy-1", "{\"refused\":{\"reason\":\"" + "z".repeat(9000) + "\"}}")))
                .isEmpty();
    }

    @Test
    void foreignKeysAreIgnoredAndOnlyAFewUnknownPodsAreAccepted() {
        Map<String, String> data = new TreeMap<>();
        for (int i = 0; i < 3000; i++) {
            data.put("aaa-" + i, "{\"refused\":{\"reason\":\"foreign\"}}");
            data.put("chat-proxy-%04d".formatted(i), "{\"connections\":1}");
        }
        data.put("chat-proxy-9999", "{\"refused\":{\"reason\":\"too many before it\"}}");

        assertThat(refusal(data)).isEmpty();
        assertThat(ProxyReports.keysWithoutPod(observed(data), "chat-proxy")).hasSize(3000);
        assertThat(ProxyReports.podsWithoutEndpoint(observed(data), "chat-proxy"))
                .hasSize(3001);
    }

    private static Optional<String> refusal(Map<String, String> data) {
        return reports(data).refusal(VERSION);
    }

    private static ProxyReports reports(Map<String, String> data) {
        return ProxyReports.in(observed(data), "chat-proxy", 2);
    }

    private static Observation observed(Map<String, String> data) {
        return new Observation(
                null, null, new ConfigMapBuilder().withData(data).build(), List.of(), List::of, service -> List.of());
    }
}
