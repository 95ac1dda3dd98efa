// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.proxy.accesslog.AccessEntry;
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

class ForwardingTest extends ProxyTest {

    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
    }

    private void trust(String... proxies) {
        proxy.apply(
                ProxyTerms.of(LimitsConfig.DEFAULT, new ClientAddressConfig(List.of(proxies), ProxyProtocol.Disabled)));
    }

    /** The head that the backend receives for a handshake with these headers. */
    private String forwarded(String... headers) throws Exception {
        RawPeer client = open(proxy.connect());
        client.send(TestProxy.handshake(headers));
        RawPeer behind = open(server.accept());
        String head = behind.readHead();
        behind.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        client.readHead();
        return head;
    }

    /** The values of a header, in their order. */
    private static List<String> values(String head, String name) {
        String start = name.toLowerCase(Locale.ROOT) + ": ";
        return Arrays.stream(head.split("\r\n"))
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    @Test
    void aStrangersWordOnTheClientIsReplaced() throws Exception {
        String head = forwarded(
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-For: 7.7.7.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Port: 443",
                "X-Forwarded-Prefix: /admin",
                "X-Real-IP: 6.6.6.6",
                "True-Client-IP: 6.6.6.6",
                "Forwarded: for=6.6.6.6",
                "X-Request-Id: forged");

        assertThat(values(head, "X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(values(head, "X-Forwarded-Proto")).containsExactly("http");
        assertThat(values(head, "X-Forwarded-Host")).containsExactly("chat.example.com");
        assertThat(values(head, "X-Forwarded-Port"))
                .containsExactly(Integer.toString(proxy.address().getPort()));
        assertThat(head).doesNotContain("6.6.6.6", "/admin", "forged");
        AccessEntry logged = proxy.nextLogged();
        assertThat(logged.client()).isEqualTo(logged.peer()).startsWith("127.0.0.1:");
    }

    @Test
    void aTrustedPeersWordIsKeptAndThePeerAdded() throws Exception {
        trust("127.0.0.0/8", "10.0.0.0/8");

        String head = forwarded(
                "X-Forwarded-For: 6.6.6.6, 203.0.113.7",
                "X-Forwarded-For: 10.0.0.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: www.example.com",
                "X-Forwarded-Port: 443",
                "X-Forwarded-Prefix: /chat",
                "X-Real-IP: 203.0.113.7",
                "Forwarded: for=203.0.113.7;proto=https",
                "X-Request-Id: 7f3a-b.c_d~e/f+g=h:i@j");

        assertThat(values(head, "X-Forwarded-For")).containsExactly("6.6.6.6, 203.0.113.7, 10.0.0.1, 127.0.0.1");
        assertThat(values(head, "X-Forwarded-Proto")).containsExactly("https");
        assertThat(values(head, "X-Forwarded-Host")).containsExactly("www.example.com");
        assertThat(values(head, "X-Forwarded-Port")).containsExactly("443");
        assertThat(values(head, "X-Forwarded-Prefix")).containsExactly("/chat");
        assertThat(values(head, "X-Real-IP")).containsExactly("203.0.113.7");
        String rest = ";host=www.example.com;proto=https";
        assertThat(values(head, "Forwarded"))
                .containsExactly("for=6.6.6.6" + rest + ", for=203.0.113.7" + rest + ", for=10.0.0.1" + rest
                        + ", for=127.0.0.1");
        assertThat(values(head, "X-Request-Id")).containsExactly("7f3a-b.c_d~e/f+g=h:i@j");
        AccessEntry logged = proxy.nextLogged();
        assertThat(logged.client()).isEqualTo("203.0.113.7");
        assertThat(logged.peer()).startsWith("127.0.0.1:");
        assertThat(logged.requestId()).isEqualTo("7f3a-b.c_d~e/f+g=h:i@j");
    }

    @Test
    void aTrustedPeerMaySendAllReservedHeadersExceptThoseNeverForwarded() throws Exception {
        trust("127.0.0.1");

        String head = forwarded(
                "CF-Connecting-IP: 203.0.113.7",
                "X-Original-URL: /chat",
                "X-Forwarded-Client-Cert: Hash=1",
                "X-HTTP-Method-Override: PUT",
                "X_Real.IP: 6.6.6.6",
                "Proxy: http://evil.example");

        assertThat(values(head, "CF-Connecting-IP")).containsExactly("203.0.113.7");
        assertThat(values(head, "X-Original-URL")).containsExactly("/chat");
        assertThat(values(head, "X-Forwarded-Client-Cert")).containsExactly("Hash=1");
        assertThat(values(head, "X-HTTP-Method-Override")).containsExactly("PUT");
        assertThat(head).doesNotContain("6.6.6.6", "evil.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"junk", "203.0.113.7, junk", "unknown", "", "203.0.113.7,"})
    void aChainThatCannotBeReadIsNotBelievedEvenOfATrustedPeer(String chain) throws Exception {
        trust("127.0.0.1");

        String head = forwarded("X-Forwarded-For: " + chain);

        assertThat(values(head, "X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(proxy.nextLogged().client()).startsWith("127.0.0.1:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Proto: javascript | X-Forwarded-Proto | http",
                "X-Forwarded-Proto: javascript, https | X-Forwarded-Proto | http",
                "X-Forwarded-Proto: ,https | X-Forwarded-Proto | http",
                "X-Forwarded-Port: 99999 | X-Forwarded-Port | {listener}",
                "X-Forwarded-Port: x | X-Forwarded-Port | {listener}",
                "X-Forwarded-Host: a b | X-Forwarded-Host | chat.example.com",
                "X-Forwarded-Host: a/b | X-Forwarded-Host | chat.example.com"
            })
    void whatMakesNoSenseOfATrustedPeerIsReplaced(String header, String name, String value) throws Exception {
        trust("127.0.0.1");

        String listener = Integer.toString(proxy.address().getPort());
        assertThat(values(forwarded("X-Forwarded-For: 203.0.113.7", header), name))
                .containsExactly(value.replace("{listener}", listener));
    }

    /** Each proxy appends to the list. The first member comes from the proxy that the client connected to. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Proto: https | https | chat.example.com | 443",
                "X-Forwarded-Proto: HTTPS | https | chat.example.com | 443",
                "X-Forwarded-Proto: https,http | https | chat.example.com | 443",
                "X-Forwarded-Proto: https, http, http | https | chat.example.com | 443",
                "X-Forwarded-Proto: wss | wss | chat.example.com | 443",
                "X-Forwarded-Proto: ws | ws | chat.example.com | 80",
                "X-Forwarded-Proto: http | http | chat.example.com | 80",
                "X-Forwarded-Host: a.example, b.example | http | a.example | 80",
                "X-Forwarded-Host: a.example:8443, b.example | http | a.example:8443 | 8443",
                "X-Forwarded-Host: [2001:db8::1] | http | [2001:db8::1] | 80",
                "X-Forwarded-Host: a.example: | http | a.example | 80",
                "X-Forwarded-Host: a.example:99999 | http | a.example | 80",
                "X-Forwarded-Host: a.example:0 | http | a.example | 80",
                "X-Forwarded-Host: [2001:db8::1]:00 | http | [2001:db8::1] | 80",
                "X-Forwarded-Port: 8443, 443 | http | chat.example.com | 8443"
            })
    void theClientsProtocolComesFirstAndDeterminesThePort(String header, String proto, String host, String port)
            throws Exception {
        trust("127.0.0.1");

        String head = forwarded("X-Forwarded-For: 203.0.113.7", header);

        assertThat(values(head, "X-Forwarded-Proto")).containsExactly(proto);
        assertThat(values(head, "X-Forwarded-Host")).containsExactly(host);
        assertThat(values(head, "X-Forwarded-Port")).containsExactly(port);
    }

    @Test
    void severalLinesAreOneList() throws Exception {
        trust("127.0.0.1");

        String head =
                forwarded("X-Forwarded-Proto: https", "X-Forwarded-Proto: http", "X-Forwarded-Host: a.example:8443");

        assertThat(values(head, "X-Forwarded-Proto")).containsExactly("https");
        assertThat(values(head, "X-Forwarded-Port")).containsExactly("8443");
    }

    @Test
    void withoutHeadersOfATrustedPeerTheProxyWritesItsOwn() throws Exception {
        trust("127.0.0.1");

        String head = forwarded();

        assertThat(values(head, "X-Forwarded-Proto")).containsExactly("http");
        assertThat(values(head, "X-Forwarded-Port"))
                .containsExactly(Integer.toString(proxy.address().getPort()));
        assertThat(values(head, "Forwarded")).isEmpty();
    }

    @Test
    void trustIsHotAndHoldsForTheNextRequestOfAConnection() throws Exception {
        RawPeer client = open(proxy.connect());
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n";
        client.send(request);
        RawPeer first = open(server.accept());
        String before = first.readHead();
        first.send("HTTP/1.1 204 No Content\r\n\r\n");
        client.readHead();
        trust("127.0.0.1");
        client.send(request);

        String after = open(server.accept()).readHead();

        assertThat(values(before, "X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(values(after, "X-Forwarded-For")).containsExactly("203.0.113.7, 127.0.0.1");
    }

    @Test
    void aRequestWithoutAnIdGetsOneOfItsOwn() throws Exception {
        String one = values(forwarded(), "X-Request-Id").get(0);
        String other = values(forwarded(), "X-Request-Id").get(0);

        assertThat(one).matches("[0-9a-f]{32}").isNotEqualTo(other);
        assertThat(proxy.nextLogged().requestId()).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\"b", "<b>", "a;b", "\u00e4"})
    void anIdThatCouldDoHarmInALogIsReplaced(String id) throws Exception {
        trust("127.0.0.1");

        assertThat(values(forwarded("X-Request-Id: " + id), "X-Request-Id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{32}");
    }

    @Test
    void anIdThatIsTooLongOrNotAloneIsReplaced() throws Exception {
        trust("127.0.0.1");

        assertThat(values(forwarded("X-Request-Id: " + "a".repeat(128)), "X-Request-Id"))
                .containsExactly("a".repeat(128));
        assertThat(values(forwarded("X-Request-Id: " + "a".repeat(129)), "X-Request-Id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{32}");
        assertThat(values(forwarded("X-Request-Id: a", "X-Request-Id: b"), "X-Request-Id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{32}");
    }

    /** CVE-2024-45410, CVE-2026-29054. */
    @Test
    void connectionCannotRemoveHeadersAboutTheClientOrTheTrace() throws Exception {
        trust("127.0.0.1");
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        String head = forwarded(
                "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Request-Id, Forwarded, traceparent,"
                        + " tracestate",
                "X-Forwarded-For: 203.0.113.7",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: www.example.com",
                "X-Request-Id: 4f1c",
                "Forwarded: for=203.0.113.7",
                "traceparent: " + trace,
                "tracestate: a=1,b=2");

        assertThat(values(head, "X-Forwarded-For")).containsExactly("203.0.113.7, 127.0.0.1");
        assertThat(values(head, "X-Forwarded-Proto")).containsExactly("https");
        assertThat(values(head, "X-Forwarded-Host")).containsExactly("www.example.com");
        assertThat(values(head, "X-Request-Id")).containsExactly("4f1c");
        assertThat(values(head, "Forwarded"))
                .containsExactly("for=203.0.113.7;host=www.example.com;proto=https, for=127.0.0.1");
        assertThat(values(head, "traceparent")).containsExactly(trace);
        assertThat(values(head, "tracestate")).containsExactly("a=1,b=2");
    }

    /** CVE-2026-88011. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "X_Forwarded_For",
                "X-Real_IP",
                "X_Request_Id",
                "X-Forwarded_For",
                "X-Forwarded.For",
                "x-forwarded_proto",
                "X-Forwarded_Client-Cert",
                "X-Envoy-External_Address"
            })
    void lookalikeHeadersAreDroppedWhoeverSendsThem(String name) throws Exception {
        trust("127.0.0.1");

        assertThat(forwarded(name + ": 6.6.6.6")).doesNotContain("6.6.6.6");
    }

    @Test
    void traceHeadersOfStrangersPassUntouched() throws Exception {
        String head = forwarded("traceparent: 00-ab-cd-01", "tracestate: a=1");

        assertThat(values(head, "traceparent")).containsExactly("00-ab-cd-01");
        assertThat(values(head, "tracestate")).containsExactly("a=1");
    }
}
