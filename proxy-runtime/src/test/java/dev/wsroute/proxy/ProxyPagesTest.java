// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The admin pages of a whole proxy. */
class ProxyPagesTest extends ProxyProcessFixture {

    @Test
    void theConfigPageShowsEndpointsAndTheirLiveConnections() throws Exception {
        start(document("version: {generation: 5, hash: abc}\n", one));

        try (Pair tunnel = open(one)) {
            JsonNode page = new ObjectMapper().readTree(admin("/config").body());
            assertThat(page.at("/version/generation").asInt()).isEqualTo(5);
            JsonNode endpoint = page.at("/routes/0/rules/0/backends/0/endpoints/0");
            assertThat(endpoint.path("address").asText())
                    .isEqualTo("127.0.0.1:" + one.address().getPort());
            assertThat(endpoint.path("connections").asInt()).isEqualTo(1);
            assertThat(endpoint.path("state").asText()).isEqualTo("ready");
            assertThat(page.path("connections").asInt()).isEqualTo(1);
            assertThat(page.at("/settings/limits/handshakeTimeout").asText()).isEqualTo("10s");
            assertThat(page.at("/settings/limits/maxRequestHeaders").asInt()).isEqualTo(100);
            assertThat(page.at("/settings/drain/over").asText()).isEqualTo("0s");
            assertThat(page.at("/settings/accessLog/format").asText()).isEqualTo("JSON");
            assertThat(admin("/metrics").body())
                    .contains("wsroute_connections{backend=\"b\",route=\"r\"} 1.0")
                    .contains("wsroute_config_applied_total 1.0");
            assertThat(tunnel.client().localPort()).isPositive();
        }
    }

    @Test
    void theConnectionsPageShowsOpenWebsocketsByRouteWhileTheyAreOpen() throws Exception {
        start(document("", one));
        assertThat(new ObjectMapper()
                        .readTree(admin("/connections").body())
                        .path("open")
                        .asInt())
                .isZero();

        try (Pair tunnel = open(one)) {
            byte[] message = Frame.text("hello", true);
            tunnel.client().send(message);
            tunnel.backend().readFrame();

            JsonNode page =
                    new ObjectMapper().readTree(admin("/connections?route=r").body());
            JsonNode shown = page.at("/connections/0");
            assertThat(page.path("open").asInt()).isEqualTo(1);
            assertThat(page.path("shown").asInt()).isEqualTo(1);
            assertThat(shown.path("id").asText()).isNotEmpty();
            assertThat(shown.path("route").asText()).isEqualTo("r");
            assertThat(shown.path("backend").asText()).isEqualTo("b");
            assertThat(shown.path("client").asText())
                    .isEqualTo("127.0.0.1:" + tunnel.client().localPort());
            assertThat(shown.path("endpoint").asText())
                    .isEqualTo("127.0.0.1:" + one.address().getPort());
            assertThat(shown.path("messagesIn").asInt()).isEqualTo(1);
            assertThat(shown.path("bytesIn").asInt()).isEqualTo(message.length);
            assertThat(new ObjectMapper()
                            .readTree(admin("/connections?route=other").body())
                            .path("shown")
                            .asInt())
                    .isZero();
            assertThat(admin("/connections?pod=x").statusCode()).isEqualTo(400);
        }

        Awaitility.await().until(() -> admin("/connections").body().contains("\"open\" : 0"));
    }

    @Test
    void connectionsWaitingToBeClosedAreOnTheConfigPage() throws Exception {
        start(document("", one).replace("\ndrain: {over: 0s}", "\ndrain: {delay: 0s, over: 5s}"));
        List<Pair> crowd = List.of(open(one), open(one), open(one));
        Thread shutdown = new Thread(() -> running().drainAndClose());
        shutdown.start();

        Awaitility.await()
                .until(() -> new ObjectMapper()
                                .readTree(admin("/config").body())
                                .at("/shedding/proxy_shutdown")
                                .asInt()
                        > 0);
        for (Pair member : crowd) {
            member.close();
        }
        shutdown.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(shutdown.isAlive()).isFalse();
    }

    @Test
    void theConfigPageDoesNotTellWhereKeysAre() throws Exception {
        Path key = Files.write(folder.resolve("session"), new byte[32]);
        start(document("sessionKey: {file: " + key + "}\n", one));

        assertThat(admin("/config").body())
                .contains("\"routes\"")
                .doesNotContain(key.toString())
                .doesNotContain("sessionKey");
    }
}
