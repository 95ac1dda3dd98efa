// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.Direction;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsEventsTest extends ProxyTest {

    private final RecordingMetrics metrics = new RecordingMetrics();
    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options().to(server.address()).metrics(metrics).start());
    }

    @Test
    void aTunnelIsMeteredWhileItIsOpenAndEndsOnce() throws Exception {
        TestProxy.Pair tunnel = open(proxy.open(server));
        byte[] message = Frame.text("hello", true);
        tunnel.client().send(message).send(Frame.encode(Frame.PING, new byte[3], true));
        tunnel.backend().readFrame();
        tunnel.backend().readFrame();
        await().untilAsserted(() ->
                assertThat(metrics.traffic(Direction.CLIENT_TO_BACKEND)).containsExactly(1, message.length + 9));

        proxy.connections().matching(any -> true).forEach(live -> live.close(CloseReason.BACKEND_LEAVING));
        tunnel.client().readFrame();
        tunnel.client().send(Frame.close(1012, "", true));
        tunnel.backend().readFrame();
        tunnel.backend().send(Frame.close(1012, "", false));
        tunnel.close();

        await().untilAsserted(() -> assertThat(metrics.events())
                .containsExactlyInAnyOrder(
                        "connected",
                        "opened apps/echo service/echo:ws",
                        "close sent BACKEND_LEAVING",
                        "ended PROXY_CLOSED",
                        "disconnected"));
    }

    @Test
    void aStalledReaderPausesItsPeerUntilItReadsOrDisconnects() throws Exception {
        TestProxy.Pair tunnel = open(proxy.open(server));
        byte[] big = Frame.encode(Frame.BINARY, new byte[16 * 1024 * 1024], false);
        Thread sender = new Thread(() -> {
            try {
                tunnel.backend().send(big).send(big);
            } catch (IOException e) {
                // The second pause lasts until the end of the test.
            }
        });
        sender.start();
        await().until(() -> metrics.events().contains("paused BACKEND_TO_CLIENT"));

        tunnel.client().readFrame();
        await().until(() -> metrics.events().contains("resumed BACKEND_TO_CLIENT"));
        tunnel.close();
        sender.join();

        await().until(() -> metrics.events().contains("ended CLIENT_GONE"));
        assertThat(count("paused ")).isEqualTo(count("resumed "));
        assertThat(metrics.events()).noneMatch(event -> event.endsWith("at once"));
    }

    private long count(String prefix) {
        return metrics.events().stream()
                .filter(event -> event.startsWith(prefix))
                .count();
    }

    @Test
    void exchangesAndRefusalsAreReported() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
        client.readHead();
        client.readText(33);
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 204 No Content\r\n\r\n");
        client.readHead();
        client.close();

        await().untilAsserted(() -> assertThat(metrics.events())
                .containsExactly(
                        "connected",
                        "refused no_route 404 ''",
                        "exchange apps/echo service/echo:ws 204",
                        "disconnected"));
    }
}
