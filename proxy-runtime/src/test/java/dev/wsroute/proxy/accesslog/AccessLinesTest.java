// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.AccessLogConfig.Format;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.Subject;
import dev.wsroute.proxy.metrics.TunnelOutcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the lines say. */
class AccessLinesTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private volatile AccessLogConfig config = AccessLogConfig.DEFAULT;
    private final AccessLogger log = new AccessLogger(out, () -> config);

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void aPlainExchangeIsALineOfJson() throws Exception {
        log.log(AccessEntries.request("/ws?x=1", null));

        JsonNode line = new ObjectMapper().readTree(lines(1).get(0));
        assertThat(line.path("event").asText()).isEqualTo("request");
        assertThat(line.path("log").asText()).isEqualTo("access");
        assertThat(line.path("time").asText()).isEqualTo("1970-01-01T00:00:01.500Z");
        assertThat(line.path("peer").asText()).isEqualTo("127.0.0.1:5000");
        assertThat(line.path("requestId").asText()).isEqualTo("4f1c");
        assertThat(line.path("target").asText()).isEqualTo("/ws?x=1");
        assertThat(line.path("status").asInt()).isEqualTo(404);
        assertThat(line.path("durationMillis").asInt()).isEqualTo(1500);
        assertThat(line.has("backend")).isFalse();
        assertThat(line.has("messagesIn")).isFalse();
    }

    @Test
    void aWebsocketIsALineWhenItOpensAndOneWhenItEnds() throws Exception {
        log.log(AccessEntries.websocket(null));
        log.log(AccessEntries.websocket(new AccessEntry.TunnelTotals(
                1, 20, 3, 40, 5_000_000, 1012, CloseReason.BACKEND_LEAVING, TunnelOutcome.PROXY_CLOSED)));

        List<String> lines = lines(2);
        JsonNode opened = new ObjectMapper().readTree(lines.get(0));
        assertThat(opened.path("event").asText()).isEqualTo("open");
        assertThat(opened.path("status").asInt()).isEqualTo(101);
        assertThat(opened.path("rule").asText()).isEqualTo("all");
        assertThat(opened.path("subprotocol").asText()).isEqualTo("chat.v2");
        assertThat(opened.path("connectMicros").asInt()).isEqualTo(1000);
        assertThat(opened.path("upgradeMicros").asInt()).isEqualTo(2000);
        assertThat(opened.has("end")).isFalse();
        JsonNode closed = new ObjectMapper().readTree(lines.get(1));
        assertThat(closed.path("event").asText()).isEqualTo("close");
        assertThat(closed.path("bytesIn").asInt()).isEqualTo(20);
        assertThat(closed.path("messagesOut").asInt()).isEqualTo(3);
        assertThat(closed.path("closingMillis").asInt()).isEqualTo(5);
        assertThat(closed.path("closeCode").asInt()).isEqualTo(1012);
        assertThat(closed.path("closeReason").asText()).isEqualTo("backend_leaving");
        assertThat(closed.path("initiator").asText()).isEqualTo("proxy");
        assertThat(closed.path("end").asText()).isEqualTo("proxy_closed");
    }

    @Test
    void bothFormatsSayWhoItWasAndWhoSaysSo() throws Exception {
        AccessEntry entry = AccessEntries.request("/", new Subject("https://id.example.com", "ada\" issuer=\"x"), null);
        log.log(entry);
        JsonNode line = new ObjectMapper().readTree(lines(1).get(0));
        assertThat(line.path("subject").asText()).isEqualTo("ada\" issuer=\"x");
        assertThat(line.path("issuer").asText()).isEqualTo("https://id.example.com");

        config = new AccessLogConfig(true, Format.Text);
        log.log(entry);
        assertThat(lines(2).get(1))
                .contains(" issuer=\"https://id.example.com\"")
                .doesNotContain(" issuer=\"x\"");
    }

    @Test
    void wordsAreForPeople() {
        config = new AccessLogConfig(true, Format.Text);
        log.log(AccessEntries.websocket(
                new AccessEntry.TunnelTotals(1, 20, 3, 40, 5_000_000, 1000, null, TunnelOutcome.CLIENT_CLOSED)));

        assertThat(lines(1).get(0))
                .endsWith("Z close 127.0.0.1:5000 \"GET chat.example.com/ws\" 101 1500ms apps/chat all"
                        + " service/chat:ws 10.0.0.1:80 in=1/20B out=3/40B client_closed 1000");
    }

    @Test
    void nobodyCanForgeALineOrAPartOfOne() throws Exception {
        String evil = "/\r\n{\"event\":\"close\"}\u2028\u0085\u009b31m\u007f\" \\";
        log.log(AccessEntries.request(evil, evil));
        String json = lines(1).get(0);
        config = new AccessLogConfig(true, Format.Text);
        log.log(AccessEntries.request(evil, evil));
        String text = lines(2).get(1);

        assertThat(json).matches("[ -~]*");
        assertThat(new ObjectMapper().readTree(json).path("target").asText()).isEqualTo(evil);
        assertThat(text)
                .endsWith("Z request 127.0.0.1:5000 \"GET chat.example.com/??{?event?:?close?}???31m?? \\\" 404 1500ms"
                        + " - - - - (/??{?event?:?close?}???31m?? \\)");
    }

    @Test
    void aTextOfAnyLengthIsALineOfABoundedOne() {
        log.log(AccessEntries.request("/" + "x".repeat(1_000_000), null));

        assertThat(lines(1).get(0)).hasSizeLessThan(4096);
    }

    private List<String> lines(int count) {
        await().until(() -> out.toString(StandardCharsets.UTF_8).lines().count() >= count);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
