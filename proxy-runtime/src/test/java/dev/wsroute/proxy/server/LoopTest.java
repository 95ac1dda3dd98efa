// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that return to a proxy that has already forwarded them. */
class LoopTest extends ProxyTest {

    private static final String PLAIN = "GET /chat HTTP/1.1\r\nHost: chat.example.com\r\n\r\n";

    private final RecordingMetrics metrics = new RecordingMetrics();

    private TestProxy proxy() throws IOException {
        return open(TestProxy.options().metrics(metrics).start());
    }

    private static String request(boolean upgrade) {
        return upgrade ? TestProxy.handshake() : PLAIN;
    }

    private long connections() {
        return metrics.events().stream().filter("connected"::equals).count();
    }

    private String answer(TestProxy proxy, String request) throws IOException {
        RawPeer client = open(proxy.connect());
        client.send(request);
        return client.readHead();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProxyThatIsItsOwnBackendAnswers508AndIsConnectedToOnceMore(boolean upgrade) throws Exception {
        TestProxy proxy = proxy();
        proxy.endpoints().add(proxy.address());

        assertThat(answer(proxy, request(upgrade))).startsWith("HTTP/1.1 508 Loop Detected\r\n");

        assertThat(connections()).isEqualTo(2);
        assertThat(metrics.events()).contains("refused loop 508 'apps/echo'");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLoopOfThreeProxiesEndsAtTheFirst(boolean upgrade) throws Exception {
        TestProxy first = proxy();
        TestProxy second = proxy();
        TestProxy third = proxy();
        first.endpoints().add(second.address());
        second.endpoints().add(third.address());
        third.endpoints().add(first.address());

        assertThat(answer(first, request(upgrade))).startsWith("HTTP/1.1 508 ");

        assertThat(connections()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aForeignProxyInBetweenDoesNotHideALoop(boolean upgrade) throws Exception {
        RawBackend other = open(RawBackend.start());
        TestProxy proxy = proxy();
        proxy.endpoints().add(other.address());
        RawPeer client = open(proxy.connect());
        client.send(request(upgrade));
        RawPeer between = open(other.accept());
        String passed = between.readHead();

        String again = answer(proxy, passed.replace("CDN-Loop: ", "cdn-loop: other.example;a=1 ,"));

        assertThat(again).startsWith("HTTP/1.1 508 ");
        assertThat(other.isLeftAloneFor(20)).isTrue();
    }

    @Test
    void proxiesThatAreChainedOnPurposeOpenATunnel() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy inner = proxy();
        inner.endpoints().add(server.address());
        TestProxy outer = proxy();
        outer.endpoints().add(inner.address());
        RawPeer client = open(outer.connect());
        client.send(TestProxy.handshake());
        RawPeer behind = open(server.accept());

        List<String> passed = behind.readHead()
                .lines()
                .filter(line -> line.startsWith("CDN-Loop: "))
                .toList();
        behind.send(TestProxy.switching());
        client.readHead();
        behind.send(Frame.text("open", false));

        assertThat(passed)
                .hasSize(1)
                .first()
                .asString()
                .matches("CDN-Loop: wsroute-[0-9a-f]{32}, wsroute-[0-9a-f]{32}");
        assertThat(client.readFrame().text()).isEqualTo("open");
    }

    @Test
    void aClientThatInventsNamesIsServedAndDoesNotHideALoop() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = proxy();
        proxy.endpoints().add(server.address());
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake("CDN-Loop: wsroute-0, \"", "Connection: CDN-Loop", "CDN-Loop:"));

        String head = open(server.accept()).readHead();

        assertThat(answer(proxy, head)).startsWith("HTTP/1.1 508 ");
    }
}
