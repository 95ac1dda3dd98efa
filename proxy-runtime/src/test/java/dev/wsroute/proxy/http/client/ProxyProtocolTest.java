// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyHeaders;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyProtocolTest extends ProxyTest {

    private static final byte[] V1 = "PROXY TCP4 203.0.113.7 10.0.0.1 4711 80\r\n".getBytes(ISO_8859_1);
    private static final String US = "127.0.0.0/8";
    private static final String OTHERS = "10.0.0.0/8";

    private final RecordingMetrics metrics = new RecordingMetrics();
    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options().to(server.address()).metrics(metrics).start());
    }

    private void terms(ProxyProtocol mode, String trusted, LimitsConfig limits) {
        proxy.apply(ProxyTerms.of(limits, new ClientAddressConfig(List.of(trusted), mode)));
    }

    private void terms(ProxyProtocol mode, String trusted) {
        terms(mode, trusted, LimitsConfig.DEFAULT);
    }

    private String backendHears(byte[] header, String... headers) throws IOException {
        RawPeer client = open(proxy.connect());
        client.send(ProxyHeaders.join(header, TestProxy.handshake(headers).getBytes(ISO_8859_1)));
        RawPeer behind = open(server.accept());
        String head = behind.readHead();
        behind.send(TestProxy.switching());
        assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
        return head;
    }

    @ParameterizedTest
    @EnumSource(names = {"Accept", "Require"})
    void aTrustedPeerNamesTheClient(ProxyProtocol mode) throws Exception {
        terms(mode, US);

        assertThat(backendHears(V1)).contains("X-Forwarded-For: 203.0.113.7\r\n", "X-Forwarded-Proto: http\r\n");
        assertThat(backendHears(ProxyHeaders.v2(
                        0x21,
                        0x21,
                        ProxyHeaders.join(
                                ProxyHeaders.tcp6("2001:db8::7", 4711),
                                ProxyHeaders.tlv(0x20, new byte[] {1, 0, 0, 0, 0})))))
                .contains("X-Forwarded-For: 2001:db8:0:0:0:0:0:7\r\n", "X-Forwarded-Proto: https\r\n");
        assertThat(backendHears(ProxyHeaders.v2(0x20, 0, new byte[0]))).contains("X-Forwarded-For: 127.0.0.1\r\n");
    }

    @Test
    void forwardingHeadersOfTheClientThatItNamesAreNotTrusted() throws Exception {
        terms(ProxyProtocol.Require, US);

        assertThat(backendHears(V1, "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https"))
                .contains("X-Forwarded-For: 203.0.113.7\r\n", "X-Forwarded-Proto: http\r\n")
                .doesNotContain("6.6.6.6");
    }

    @Test
    void ifItNamesNoClientForwardingHeadersAreNotTrusted() throws Exception {
        terms(ProxyProtocol.Require, US);

        for (byte[] header : List.of("PROXY UNKNOWN\r\n".getBytes(ISO_8859_1), ProxyHeaders.v2(0x20, 0, new byte[0]))) {
            assertThat(backendHears(
                            header, "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https", "X-Real-IP: 6.6.6.6"))
                    .contains("X-Forwarded-For: 127.0.0.1\r\n", "X-Forwarded-Proto: http\r\n")
                    .doesNotContain("6.6.6.6");
        }
    }

    @Test
    void aHeaderMayComeByteByByte() throws Exception {
        terms(ProxyProtocol.Require, US);
        RawPeer client = open(proxy.connect());
        for (byte b : ProxyHeaders.join(V1, TestProxy.handshake().getBytes(ISO_8859_1))) {
            client.send(new byte[] {b});
        }

        assertThat(open(server.accept()).readHead()).contains("X-Forwarded-For: 203.0.113.7\r\n");
    }

    @Test
    void aTrustedPeerMayLeaveItOutWhereItIsAcceptedOnly() throws Exception {
        terms(ProxyProtocol.Accept, US);

        assertThat(backendHears(new byte[0], "X-Forwarded-For: 203.0.113.7"))
                .contains("X-Forwarded-For: 203.0.113.7, 127.0.0.1\r\n");
    }

    @Test
    void whereItIsRequiredAPeerWithoutItIsResetAndCounted() throws Exception {
        terms(ProxyProtocol.Require, US);
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake());

        assertThat(client.isReset()).isTrue();

        assertThat(metrics.events()).contains("refused proxy_protocol 0 ''");
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    /** CVE-2024-23327. */
    @Test
    void whereItIsRequiredStrangersAreResetWhateverTheySend() throws Exception {
        terms(ProxyProtocol.Require, OTHERS);

        assertThat(RawPeer.isResetOnArrival(proxy.address())).isTrue();

        await().untilAsserted(() -> assertThat(metrics.events()).contains("refused proxy_protocol 0 ''"));
    }

    /** CVE-2024-23327. */
    @ParameterizedTest
    @EnumSource(names = {"Disabled", "Accept"})
    void ofStrangersItIsGarbage(ProxyProtocol mode) throws Exception {
        terms(mode, OTHERS);
        for (byte[] header : List.of(V1, ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.tcp4("203.0.113.7", 4711)))) {
            RawPeer stranger = open(proxy.connect());
            stranger.send(ProxyHeaders.join(header, TestProxy.handshake().getBytes(ISO_8859_1)));

            assertThat(stranger.readHead()).startsWith("HTTP/1.1 400 ");
            stranger.readToEnd();
        }
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    @Test
    void whereItIsOffATrustedPeersIsGarbageToo() throws Exception {
        terms(ProxyProtocol.Disabled, US);
        RawPeer client = open(proxy.connect());
        client.send(V1);

        assertThat(client.readHead()).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void aMalformedHeaderResetsTheConnectionAndIsCounted() throws Exception {
        terms(ProxyProtocol.Accept, US);
        RawPeer client = open(proxy.connect());
        client.send("PROXY TCP4 203.0.113.7 nonsense\r\n" + TestProxy.handshake());

        assertThat(client.isReset()).isTrue();

        assertThat(metrics.events()).contains("refused proxy_protocol 0 ''");
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    @Test
    void aHeaderThatDoesNotGetOnEndsWithTheHandshakeTimeout() throws Exception {
        terms(
                ProxyProtocol.Require,
                US,
                new LimitsConfig(null, null, null, null, Duration.ofMillis(200), null, null, null, null));
        RawPeer client = open(proxy.connect());
        client.send("PROXY TCP4 203.");

        assertThat(client.atEnd()).isTrue();
    }

    @Test
    void theClientThatItNamesIsTheOneThatIsCounted() throws Exception {
        terms(ProxyProtocol.Require, US, new LimitsConfig(null, 1, null, null, null, null, null, null, null));
        backendHears(V1);
        RawPeer again = open(proxy.connect());
        again.send(ProxyHeaders.join(V1, TestProxy.handshake().getBytes(ISO_8859_1)));

        assertThat(again.readHead()).startsWith("HTTP/1.1 429 ");

        backendHears("PROXY TCP4 203.0.113.8 10.0.0.1 4711 80\r\n".getBytes(ISO_8859_1));
    }
}
