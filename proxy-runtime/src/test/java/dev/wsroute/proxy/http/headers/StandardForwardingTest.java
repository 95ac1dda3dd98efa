// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ForwardingHeaders;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forwarded (RFC 7239) from a trusted peer, with and without X-Forwarded-*. */
class StandardForwardingTest extends ProxyTest {

    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .terms(ProxyTerms.of(
                        LimitsConfig.DEFAULT,
                        new ClientAddressConfig(List.of("127.0.0.0/8", "10.0.0.0/8"), ProxyProtocol.Disabled)))
                .start());
    }

    /** The headers that a backend receives, one value of each. */
    private record Told(String client, String chain, String proto, String host, String port, String forwarded) {}

    private Told told(String... headers) throws Exception {
        String head = forwarded(TestProxy.handshake(headers));
        return new Told(
                proxy.nextLogged().client().replaceFirst("^127\\.0\\.0\\.1:\\d+$", "127.0.0.1"),
                only(head, "X-Forwarded-For"),
                only(head, "X-Forwarded-Proto"),
                only(head, "X-Forwarded-Host"),
                only(head, "X-Forwarded-Port")
                        .replace(Integer.toString(proxy.address().getPort()), "{listener}"),
                only(head, "Forwarded"));
    }

    /** The head that the backend receives for a handshake. */
    private String forwarded(String handshake) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send(handshake);
        RawPeer behind = open(server.accept());
        String head = behind.readHead();
        behind.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        client.readHead();
        return head;
    }

    private static String only(String head, String name) {
        String start = name.toLowerCase(Locale.ROOT) + ": ";
        List<String> values = Arrays.stream(head.split("\r\n"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
        assertThat(values).hasSizeLessThanOrEqualTo(1);
        return values.isEmpty() ? "" : values.get(0);
    }

    @Test
    void allItsValuesReachBackendsInBothKindsOfHeaders() throws Exception {
        Told told = told("Forwarded: for=203.0.113.7;proto=https;host=www.example.com;by=_edge;secret=\"a,b;c\"");

        assertThat(told)
                .isEqualTo(new Told(
                        "203.0.113.7",
                        "203.0.113.7, 127.0.0.1",
                        "https",
                        "www.example.com",
                        "443",
                        "for=203.0.113.7;proto=https;host=www.example.com;by=_edge;secret=\"a,b;c\", for=127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "for=203.0.113.7 | 203.0.113.7 | 203.0.113.7",
                "FOR=203.0.113.7;Proto=HTTP | 203.0.113.7 | 203.0.113.7",
                "for=\"203.0.113.7:4711\" | 203.0.113.7 | 203.0.113.7",
                "for=203.0.113.7:4711 | 203.0.113.7 | 203.0.113.7",
                "for=\"203.0.113.7:_port\" | 203.0.113.7 | 203.0.113.7",
                "for=\"[2001:db8::7]:4711\" | 2001:db8:0:0:0:0:0:7 | 2001:db8:0:0:0:0:0:7",
                "for=\"[2001:db8::7]\" | 2001:db8:0:0:0:0:0:7 | 2001:db8:0:0:0:0:0:7",
                "for=\"\\2\\03.0.113.7\" | 203.0.113.7 | 203.0.113.7",
                "for=203.0.113.7, for=10.0.0.1 | 203.0.113.7 | 203.0.113.7, 10.0.0.1",
                "for=203.0.113.7;by=10.0.0.9 , ,for=10.0.0.1; proto=http | 203.0.113.7 | 203.0.113.7, 10.0.0.1",
                "for=10.0.0.2, for=10.0.0.1 | 10.0.0.2 | 10.0.0.2, 10.0.0.1",
                "for=6.6.6.6, for=203.0.113.7, for=10.0.0.1 | 203.0.113.7 | 203.0.113.7, 10.0.0.1",
                "junk \" , for=203.0.113.7 | 203.0.113.7 | 203.0.113.7",
                "for=\", for=203.0.113.7;by=\"_a\\\"_b,\" | 203.0.113.7 | 203.0.113.7",
                "for=_hidden | 127.0.0.1 | unknown",
                "for=\"unknown:80\", for=10.0.0.1 | 127.0.0.1 | unknown, 10.0.0.1",
                "for=6.6.6.6, for=unknown, for=10.0.0.1 | 127.0.0.1 | unknown, 10.0.0.1",
                "proto=http | 127.0.0.1 | unknown"
            })
    void theFirstUntrustedAddressFromTheRightIsTheClient(String forwarded, String client, String chain)
            throws Exception {
        Told told = told("Forwarded: " + forwarded);

        assertThat(told.client()).isEqualTo(client);
        assertThat(told.chain()).isEqualTo(chain + ", 127.0.0.1");
        assertThat(told.forwarded()).endsWith(", for=127.0.0.1").doesNotContain("6.6.6.6", "junk");
    }

    @Test
    void severalLinesAreOneChainAndTheClientsElementGivesItsProtocol() throws Exception {
        Told told = told(
                "Forwarded: for=6.6.6.6;proto=http;host=evil.example",
                "Forwarded: for=203.0.113.7;proto=https;host=\"www.example.com:8443\"",
                "Forwarded: for=10.0.0.1;proto=http;host=inner.example");

        assertThat(told)
                .isEqualTo(new Told(
                        "203.0.113.7",
                        "203.0.113.7, 10.0.0.1, 127.0.0.1",
                        "https",
                        "www.example.com:8443",
                        "8443",
                        "for=203.0.113.7;proto=https;host=\"www.example.com:8443\", "
                                + "for=10.0.0.1;proto=http;host=inner.example, for=127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "junk",
                "for",
                "for=",
                "for=203.0.113.7;for=6.6.6.6;proto=https",
                "for=203.0.113.7 proto=https",
                "for =203.0.113.7;proto=https",
                "for=\"203.0.113.7;proto=https",
                "for=\"203.0.113.7\"x;proto=https",
                "for=203.0.113.7;proto=javascript",
                "for=203.0.113.7;proto=https;host=\"a/b\"",
                "for=203.0.113.7;proto=https;host=\"\"",
                "for=256.1.1.1;proto=https",
                "for=localhost;proto=https",
                "for=\"[2001:db8::7\";proto=https",
                "for=\"203.0.113.7:123456\";proto=https",
                "for=203.0.113.7, junk, for=10.0.0.1;proto=https"
            })
    void whatIsMalformedIsNotBelieved(String forwarded) throws Exception {
        assertThat(told("Forwarded: " + forwarded))
                .isEqualTo(new Told(
                        "127.0.0.1",
                        "127.0.0.1",
                        "http",
                        "chat.example.com",
                        "{listener}",
                        "for=127.0.0.1;host=chat.example.com;proto=http"));
    }

    /** A proxy that only adds to X-Forwarded-For passes on the Forwarded that its client wrote. */
    @Test
    void besideXForwardedItIsIgnoredAndReplacedAccordingly() throws Exception {
        Told told = told(
                "Forwarded: for=6.6.6.6;proto=https;host=evil.example",
                "X-Forwarded-For: 203.0.113.7, 2001:db8::1, junk",
                "X-Forwarded-For: 10.0.0.1:4711");

        assertThat(told.client()).isEqualTo("127.0.0.1");
        assertThat(told.forwarded()).isEqualTo("for=127.0.0.1;host=chat.example.com;proto=http");
        assertThat(told("Forwarded: for=6.6.6.6;proto=https;host=evil.example", "X-Forwarded-For: junk, 2001:db8::1"))
                .isEqualTo(new Told(
                        "2001:db8:0:0:0:0:0:1",
                        "junk, 2001:db8::1, 127.0.0.1",
                        "http",
                        "chat.example.com",
                        "{listener}",
                        "for=unknown;host=chat.example.com;proto=http, "
                                + "for=\"[2001:db8:0:0:0:0:0:1]\";host=chat.example.com;proto=http, for=127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Proto: http", "Host: www.example.com", "Port: 80"})
    void oneXForwardedHeaderIsEnoughForItNotToCount(String header) throws Exception {
        Told told = told("Forwarded: for=6.6.6.6;proto=https;host=evil.example", "X-Forwarded-" + header);

        assertThat(told.client()).isEqualTo("127.0.0.1");
        assertThat(told.chain()).isEqualTo("127.0.0.1");
        assertThat(told.proto()).isEqualTo("http");
        assertThat(told.forwarded()).startsWith("for=127.0.0.1;host=").doesNotContain("evil");
    }

    @Test
    void aReportedPortIsInBothHeaders() throws Exception {
        Told told = told(
                "Forwarded: for=203.0.113.7",
                "X-Forwarded-For: 203.0.113.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Port: 8443");

        assertThat(told.port()).isEqualTo("8443");
        assertThat(told.forwarded())
                .isEqualTo("for=203.0.113.7;host=\"chat.example.com:8443\";proto=https, for=127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "a.example: | X-Forwarded-Port: 8443 | a.example | 8443 | \"a.example:8443\"",
                "a.example:0 | X-Forwarded-Port: 8443 | a.example | 8443 | \"a.example:8443\"",
                "a.example: | X-Forwarded-Proto: https | a.example | 443 | a.example",
                "a.example:00 | X-Forwarded-Proto: https | a.example | 443 | a.example",
                "a.example:99999 | X-Forwarded-Proto: http | a.example | 80 | a.example",
                "a.example:65535 | X-Forwarded-Proto: http | a.example:65535 | 65535 | \"a.example:65535\""
            })
    void aPortThatThereCannotBeIsInNeither(
            String host, String header, String toldHost, String port, String standardHost) throws Exception {
        String head = forwarded(TestProxy.handshake("Forwarded: for=203.0.113.7", header)
                .replace("Host: chat.example.com\r\n", "Host: " + host + "\r\n"));

        assertThat(only(head, "X-Forwarded-Host")).isEqualTo(toldHost);
        assertThat(only(head, "X-Forwarded-Port")).isEqualTo(port);
        assertThat(only(head, "Forwarded")).contains(";host=" + standardHost + ";");
    }

    @Test
    void aLongChainDoesNotGrowWithoutBound() throws Exception {
        String chain = "a,".repeat(2_000) + "203.0.113.7";

        Told told = told("Forwarded: for=203.0.113.7", "X-Forwarded-For: " + chain);

        assertThat(told.chain()).isEqualTo(chain + ", 127.0.0.1");
        assertThat(told.forwarded().split(", ")).hasSize(65);
        assertThat(told.forwarded()).endsWith("for=203.0.113.7;host=chat.example.com;proto=http, for=127.0.0.1");
    }

    /** A proxy that writes only Forwarded passes on the X-Forwarded-* that its client wrote. */
    @Test
    void whereItAloneCountsXForwardedIsReplaced() throws Exception {
        proxy.apply(ProxyTerms.of(
                LimitsConfig.DEFAULT,
                new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled, ForwardingHeaders.Forwarded)));
        String[] forged = {
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil.example",
            "X-Forwarded-Port: 6666"
        };

        Told nothing = told(forged);
        String[] all = Arrays.copyOf(forged, forged.length + 1);
        all[forged.length] = "Forwarded: for=203.0.113.7;proto=wss";
        Told told = told(all);

        assertThat(nothing).isEqualTo(new Told("127.0.0.1", "127.0.0.1", "http", "chat.example.com", "{listener}", ""));
        assertThat(told)
                .isEqualTo(new Told(
                        "203.0.113.7",
                        "203.0.113.7, 127.0.0.1",
                        "wss",
                        "chat.example.com",
                        "443",
                        "for=203.0.113.7;proto=wss, for=127.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-Ssl", "-User", "-Client-Cert", "-Scheme", "-Prefix"})
    void whereItAloneCountsNothingElseOfXForwardedPasses(String suffix) throws Exception {
        proxy.apply(ProxyTerms.of(
                LimitsConfig.DEFAULT,
                new ClientAddressConfig(List.of("127.0.0.0/8"), ProxyProtocol.Disabled, ForwardingHeaders.Forwarded)));

        String head = forwarded(TestProxy.handshake("X-Forwarded" + suffix + ": forged", "X-Real-IP: 203.0.113.7"));

        assertThat(head).doesNotContain("forged");
        assertThat(only(head, "X-Real-IP")).isEqualTo("203.0.113.7");
    }

    @Test
    void ofStrangersItIsDropped() throws Exception {
        proxy.apply(ProxyTerms.DEFAULT);

        Told told = told("Forwarded: for=6.6.6.6;proto=https;host=evil.example");

        assertThat(told.forwarded()).isEmpty();
        assertThat(told.chain()).isEqualTo("127.0.0.1");
        assertThat(told.proto()).isEqualTo("http");
    }
}
