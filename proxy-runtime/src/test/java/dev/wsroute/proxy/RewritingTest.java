// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole proxy on real sockets: which backend gets a request, and how the request is changed. */
class RewritingTest extends ProxyTest {

    private static final String REWRITE = """
                    matches:
                      - path: {type: PathPrefix, value: /chat}
                      - path: {type: PathPrefix, value: /api/v1/}
                    urlRewrite: {replacePrefixMatch: /inner/ws, hostname: inner.example}
            """;

    private static final String MODIFIERS = """
                    requestHeaders:
                      set: [{name: X-Tenant, value: gold}, {name: X-Forwarded-For, value: hidden}]
                      add: [{name: X-Hop, value: edge}]
                      remove: [x-debug, Origin]
                    responseHeaders:
                      set: [{name: Strict-Transport-Security, value: max-age=60}]
                      add: [{name: Vary, value: Origin}]
                      remove: [server, Set-Cookie]
            """;

    @TempDir
    private Path folder;

    private RawBackend one;
    private RawBackend two;
    private @Nullable InetSocketAddress listening;

    @BeforeEach
    void backends() throws IOException {
        one = open(RawBackend.start());
        two = open(RawBackend.start());
    }

    @Test
    void aHandshakeAsksForTheReplacedPrefixAtTheOtherHost() throws Exception {
        start(rule("all", REWRITE, one));
        client().send(TestProxy.handshake());

        String head = open(one.accept()).readHead();

        assertThat(head).startsWith("GET /inner/ws?x=1 HTTP/1.1\r\n");
        assertThat(head).containsOnlyOnce("Host: inner.example\r\n").containsOnlyOnce("inner.example");
        assertThat(head).contains("X-Forwarded-Host: chat.example.com\r\n");
        assertThat(head).contains("Sec-WebSocket-Key: " + TestProxy.KEY + "\r\n");
    }

    @Test
    void eachMatchReplacesItsOwnPrefixAndTheRestIsTheClients() throws Exception {
        start(rule("all", REWRITE, one));
        client().send(
                        "POST /api/v1/%2e%2e//b;c\\d?q=/api/v1/&r=%20 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");

        RawPeer backend = open(one.accept());
        String head = backend.readHead();

        assertThat(head).startsWith("POST /inner/ws/%2e%2e//b;c\\d?q=/api/v1/&r=%20 HTTP/1.1\r\n");
        assertThat(head).contains("Host: inner.example\r\n", "X-Forwarded-Host: a\r\n");
        assertThat(backend.readText(2)).isEqualTo("hi");
    }

    @Test
    void anAbsoluteFormNamesTheOtherHostToo() throws Exception {
        start(rule("all", REWRITE, one));
        client().send("GET http://a.example:80/chat/x?y HTTP/1.1\r\nHost: a.example:80\r\n\r\n");

        assertThat(open(one.accept()).readHead())
                .startsWith("GET http://inner.example/inner/ws/x?y HTTP/1.1\r\n")
                .contains("Host: inner.example\r\n", "X-Forwarded-Host: a.example:80\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inner.example:8443", "192.0.2.1:80", "[2001:db8::1]", "[2001:db8::1]:8443"})
    void theOtherHostMayHaveAPort(String host) throws Exception {
        start(rule("all", REWRITE.replace("inner.example", "\"" + host + "\""), one));
        client().send(TestProxy.handshake().replace("/chat?x=1", "http://chat.example.com/chat?x=1"));

        assertThat(open(one.accept()).readHead())
                .startsWith("GET http://" + host + "/inner/ws?x=1 HTTP/1.1\r\n")
                .containsOnlyOnce("Host: " + host + "\r\n");
    }

    @Test
    void aRequestWithoutHostGetsTheOtherHost() throws Exception {
        start(rule("all", REWRITE, one));
        client().send("GET /chat HTTP/1.0\r\n\r\n");

        assertThat(open(one.accept()).readHead())
                .startsWith("GET /inner/ws HTTP/1.1\r\n")
                .containsOnlyOnce("inner.example")
                .doesNotContain("X-Forwarded-Host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%61dmin",
                "//admin",
                "/x/../admin",
                "/./admin",
                "/admin;v=1",
                "/admin\\x",
                "/adminx",
                "/%2e/admin",
                "/x/%2e%2e/admin",
                "/admin%2f",
                "/Admin"
            })
    void lookalikePathsAreMatchedAndForwardedUnchanged(String path) throws Exception {
        String admin = "        matches: [{path: {type: PathPrefix, value: /admin}}]\n";
        start(rule("admin", admin, one) + rule("pages", "", two));
        client().send("GET " + path + "?q HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(open(two.accept()).readHead()).startsWith("GET " + path + "?q HTTP/1.1\r\n");
    }

    @Test
    void headersOfHandshakesAreModifiedAndThoseOfTheConnectionAreNot() throws Exception {
        start(rule("all", MODIFIERS, one));
        RawPeer client = client();
        client.send(TestProxy.handshake(
                "x-tenant: forged",
                "X-TENANT: again",
                "X_Tenant: alike",
                "x_debug: alike",
                "X-Hop: client",
                "X-Debug: 1",
                "Origin: https://a.example",
                "X-Kept: 1"));

        RawPeer backend = open(one.accept());
        String request = backend.readHead();
        backend.send(TestProxy.switching("Server: inner", "Set-Cookie: a=b", "Vary: Accept", "X-Kept: 2"));
        String response = client.readHead();

        assertThat(request).containsOnlyOnce("X-Tenant: gold\r\n").doesNotContain("forged", "again", "alike");
        assertThat(request).containsSubsequence("X-Hop: client\r\n", "X-Hop: edge\r\n");
        assertThat(request).doesNotContain("X-Debug", "Origin").contains("X-Kept: 1\r\n");
        assertThat(request).contains("X-Forwarded-For: hidden\r\n").doesNotContain("127.0.0.1");
        assertThat(request).containsIgnoringCase("connection: upgrade\r\n");
        assertThat(response).startsWith("HTTP/1.1 101 ").contains("Sec-WebSocket-Accept: " + TestProxy.ACCEPT);
        assertResponseIsModified(response);
        backend.send(Frame.text("open", false));
        assertThat(client.readFrame().text()).isEqualTo("open");
    }

    @Test
    void headersOfPlainRequestsAreModified() throws Exception {
        start(rule("all", MODIFIERS, one));
        RawPeer client = client();
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Tenant: forged\r\nX-Debug: 1\r\n\r\n");

        RawPeer backend = open(one.accept());
        String request = backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nServer: inner\r\nSet-Cookie: a=b\r\nVary: Accept\r\nX-Kept: 2\r\n"
                + "Content-Length: 2\r\n\r\nok");

        assertThat(request).contains("X-Tenant: gold\r\n", "X-Hop: edge\r\n").doesNotContain("forged", "X-Debug");
        assertResponseIsModified(client.readHead());
        assertThat(client.readText(2)).isEqualTo("ok");
    }

    @Test
    void headersOfABackendsRefusalAreModified() throws Exception {
        start(rule("all", MODIFIERS, one));
        RawPeer client = client();
        client.send(TestProxy.handshake());

        RawPeer backend = open(one.accept());
        backend.readHead();
        backend.send("HTTP/1.1 403 Forbidden\r\nServer: inner\r\nSet-Cookie: a=b\r\nVary: Accept\r\nX-Kept: 2\r\n"
                + "Content-Length: 2\r\n\r\nno");

        assertResponseIsModified(client.readHead());
        assertThat(client.readText(2)).isEqualTo("no");
    }

    private static void assertResponseIsModified(String response) {
        assertThat(response).containsOnlyOnce("Strict-Transport-Security: max-age=60\r\n");
        assertThat(response).containsSubsequence("Vary: Accept\r\n", "Vary: Origin\r\n");
        assertThat(response).doesNotContain("Server", "Set-Cookie").contains("X-Kept: 2\r\n");
    }

    @Test
    void theProxysOwnAnswersAreModifiedToo() throws Exception {
        start(rule("all", MODIFIERS, one));
        RawPeer client = client();
        client.send(TestProxy.handshake());

        open(one.accept()).close();

        String response = client.readHead();
        assertThat(response)
                .startsWith("HTTP/1.1 502 ")
                .contains("Strict-Transport-Security: max-age=60\r\n", "Vary: Origin\r\n");
        assertThat(client.readToEnd()).isEqualTo("The backend closed the connection.\n");
    }

    @Test
    void theSessionCookieStaysThoughTheBackendsCookiesAreRemoved() throws Exception {
        start(rule("all", MODIFIERS + "        sessionPersistence: {}\n", one));
        RawPeer client = client();
        client.send(TestProxy.handshake());

        RawPeer backend = open(one.accept());
        backend.readHead();
        backend.send(TestProxy.switching("Set-Cookie: a=b"));

        assertThat(client.readHead().toLowerCase(Locale.ROOT))
                .containsOnlyOnce("set-cookie: ")
                .contains("set-cookie: wsroute=");
    }

    @Test
    void headersQueryAndSubprotocolsTellRequestsApart() throws Exception {
        String special = """
                        matches:
                          - headers: [{name: X-Tenant, value: gold}]
                          - queryParams: [{name: beta, value: a b}]
                          - subprotocols: [graphql-transport-ws, graphql-ws]
                """;
        start(rule("everything-else", "", two) + rule("special", special, one));

        assertGoesTo(one, TestProxy.handshake("x-tenant: gold"));
        assertGoesTo(one, TestProxy.handshake().replace("x=1", "x=1&%62eta=a%20b"));
        assertGoesTo(one, TestProxy.handshake("Sec-WebSocket-Protocol: soap, graphql-ws"));
        assertGoesTo(two, TestProxy.handshake("X-Tenant: Gold", "Sec-WebSocket-Protocol: soap"));
        assertGoesTo(two, TestProxy.handshake().replace("x=1", "x=1&beta=ab"));
        assertGoesTo(two, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private void assertGoesTo(RawBackend backend, String request) throws IOException {
        client().send(request);
        assertThat(open(backend.accept()).readHead()).startsWith("GET /");
    }

    @Test
    void whatNoRuleFitsIsAnsweredInOneLine() throws Exception {
        start(rule("all", "        matches: [{headers: [{name: X-Tenant, value: gold}]}]\n", one));
        RawPeer client = client();
        client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        assertThat(client.readHead()).startsWith("HTTP/1.1 404 ");
        assertThat(client.readToEnd()).isEqualTo("No route for this host and path.\n");
    }

    @Test
    void anEditHoldsForNewConnectionsAndTouchesNoOpenOne() throws Exception {
        start(rule("all", "", one));
        RawPeer client = client();
        client.send(TestProxy.handshake());
        RawPeer backend = open(one.accept());
        backend.readHead();
        backend.send(TestProxy.switching());
        client.readHead();

        replace(rule("all", REWRITE + MODIFIERS, one));
        String edited = Awaitility.await()
                .until(() -> handshakeAsBackendSeesIt(one), head -> head.startsWith("GET /inner/ws?x=1 "));
        replace(rule("all", "        matches: [{path: {type: Exact, value: /elsewhere}}]\n", one)
                + rule("pages", "", two));
        Awaitility.await().until(() -> reaches(two));

        assertThat(edited).contains("Host: inner.example\r\n", "X-Tenant: gold\r\n");
        client.send(Frame.text("still", true));
        assertThat(backend.readFrame().text()).isEqualTo("still");
        backend.send(Frame.text("here", false));
        assertThat(client.readFrame().text()).isEqualTo("here");
    }

    private String handshakeAsBackendSeesIt(RawBackend backend) throws IOException {
        try (RawPeer client = RawPeer.connect(Objects.requireNonNull(listening))) {
            client.send(TestProxy.handshake());
            try (RawPeer behind = backend.accept()) {
                return behind.readHead();
            }
        }
    }

    private boolean reaches(RawBackend backend) throws IOException {
        try (RawPeer client = RawPeer.connect(Objects.requireNonNull(listening))) {
            client.send(TestProxy.handshake());
            RawPeer behind = backend.poll();
            if (behind != null) {
                behind.close();
            }
            return behind != null;
        }
    }

    private RawPeer client() throws IOException {
        return open(RawPeer.connect(Objects.requireNonNull(listening)));
    }

    private void start(String rules) throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document(rules));
        ProxyProcess process = open(InProcessProxy.start(file, null, OutputStream.nullOutputStream()));
        List<String> addresses = process.addresses();
        String port = addresses.get(0).substring(addresses.get(0).lastIndexOf(':') + 1);
        listening = new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
    }

    private void replace(String rules) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), document(rules));
        Files.move(next, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String document(String rules) {
        return "listeners: [{name: ws, address: 127.0.0.1, port: 0}]\nroutes:\n  - name: r\n    rules:\n" + rules;
    }

    private static String rule(String name, String fields, RawBackend backend) {
        return "      - name: " + name + "\n" + fields
                + "        backends: [{name: b, endpoints: [{address: 127.0.0.1, port: "
                + backend.address().getPort() + "}]}]\n";
    }
}
