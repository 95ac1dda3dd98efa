// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.testkit.Secrets;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Session persistence of whole proxies with two backends on real sockets. */
@Tag("slow")
class StickinessTest extends ProxyTest {

    private static final Pattern COOKIE = Pattern.compile("(?i)set-cookie: (wsroute=[^;]+);");
    private static final String SESSIONS = "        sessionPersistence: {}\n";

    @TempDir
    private Path folder;

    private final List<RawBackend> alive = new ArrayList<>();
    private RawBackend one;
    private RawBackend two;

    @BeforeEach
    void backends() throws IOException {
        one = open(RawBackend.start());
        two = open(RawBackend.start());
        alive.addAll(List.of(one, two));
        Files.writeString(folder.resolve("key"), "a key of more than thirty-two bytes");
    }

    @Test
    void aCookieOfOneProxyHoldsOnAnotherWithTheSameKey() throws Exception {
        ProxyProcess here = start("here", document(SESSIONS));
        ProxyProcess there = start("there", document(SESSIONS));
        Answered first = ask(here, null);

        for (int i = 0; i < 4; i++) {
            Answered again = ask(i % 2 == 0 ? there : here, first.cookie());
            assertThat(again.backend()).isEqualTo(first.backend());
            assertThat(again.cookie()).isNull();
        }
    }

    @Test
    void aRuleGetsSessionsAndLosesThemWithoutARestart() throws Exception {
        ProxyProcess proxy = start("proxy", document(""));
        assertThat(ask(proxy, null).cookie()).isNull();

        replace("proxy", document(SESSIONS));
        Awaitility.await().until(() -> ask(proxy, null).cookie() != null);
        replace("proxy", document(""));

        Awaitility.await().until(() -> ask(proxy, null).cookie() == null);
    }

    @Test
    void aChangedKeyFileIsUsedWithoutARestart() throws Exception {
        ProxyProcess proxy = start("proxy", document(SESSIONS));
        Answered first = ask(proxy, null);
        assertThat(ask(proxy, first.cookie()).cookie()).isNull();

        Path next = Files.writeString(folder.resolve("next"), "another key of more than thirty-two bytes");
        Files.move(next, folder.resolve("key"), StandardCopyOption.ATOMIC_MOVE);

        Awaitility.await().until(() -> ask(proxy, first.cookie()).cookie() != null);
    }

    @Test
    void aRestartWithoutItsKeySourceUsesTheLastGoodKey() throws Exception {
        ProxyProcess before = start("proxy", document(SESSIONS));
        Answered first = ask(before, null);
        Awaitility.await().until(() -> Files.exists(folder.resolve("state-proxy/session-key")));
        before.close();
        Files.delete(folder.resolve("key"));

        ProxyProcess after = start("proxy", document(SESSIONS));

        Answered again = ask(after, first.cookie());
        assertThat(again.backend()).isEqualTo(first.backend());
        assertThat(again.cookie()).isNull();
    }

    @Test
    void equalKeysGoToTheSameBackendOnEveryProxy() throws Exception {
        String hash = "        loadBalancing: {type: ConsistentHash, consistentHash: {type: QueryParam, name: user}}\n";
        ProxyProcess here = start("here", document(hash));
        ProxyProcess there = start("there", document(hash));

        for (String user : List.of("ann", "bob", "cid", "dan", "eve", "fay")) {
            RawBackend first = ask(here, null, "/chat?user=" + user).backend();
            assertThat(ask(there, null, "/chat?x=1&user=" + user).backend()).isEqualTo(first);
        }
    }

    @Test
    @Timeout(60)
    void anEndpointThatRefusesConnectionsIsLeftOutAndCounted() throws Exception {
        ProxyProcess proxy = start("proxy", document(""));
        two.close();
        alive.remove(two);

        String metrics = "";
        while (!metrics.contains("wsroute_ejections_total{backend=\"b\",route=\"r\"} 1.0\n")) {
            assertThat(ask(proxy, null).backend()).isEqualTo(one);
            metrics = admin(proxy, "/metrics");
        }

        assertThat(metrics)
                .contains("wsroute_connect_failures_total{backend=\"b\",route=\"r\"} 3.0\n")
                .contains("wsroute_endpoints{backend=\"b\",route=\"r\",state=\"ejected\"} 1.0\n");
        assertThat(admin(proxy, "/config"))
                .containsPattern("\"state\" : \"ejected\",\\s+\"secondsLeft\" : [1-5],")
                .containsPattern("\"connections\" : 0,\\s+\"failures\" : 3");
    }

    private static String admin(ProxyProcess proxy, String page) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + proxy.adminAddress().getPort() + page))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private record Reached(RawBackend backend, RawPeer connection) {}

    private record Answered(RawBackend backend, @Nullable String cookie) {}

    private Answered ask(ProxyProcess proxy, @Nullable String cookie) throws Exception {
        return ask(proxy, cookie, "/chat");
    }

    /** Opens a WebSocket, and returns the backend that it reached. */
    private Answered ask(ProxyProcess proxy, @Nullable String cookie, String target) throws Exception {
        String address = proxy.addresses().get(0);
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));

        Reached reached;
        Matcher set;
        try (RawPeer client = RawPeer.connect(new InetSocketAddress("127.0.0.1", port))) {
            String handshake = cookie == null ? TestProxy.handshake() : TestProxy.handshake("Cookie: a=b; " + cookie);
            client.send(handshake.replaceFirst("/chat\\?x=1", Matcher.quoteReplacement(target)));
            reached = Awaitility.await()
                    .pollDelay(0, TimeUnit.MILLISECONDS)
                    .pollInterval(1, TimeUnit.MILLISECONDS)
                    .until(this::reached, Objects::nonNull);
            reached.connection().readHead();
            reached.connection().send(TestProxy.switching());
            set = COOKIE.matcher(client.readHead());
        }
        // The client closes first: a backend that disconnects first would count as failed.
        try (RawPeer behind = reached.connection()) {
            assertThat(behind.atEnd()).isTrue();
        }
        return new Answered(reached.backend(), set.find() ? Secrets.noted("session cookie", set.group(1)) : null);
    }

    private @Nullable Reached reached() throws IOException {
        for (RawBackend backend : alive) {
            RawPeer connection = backend.poll();
            if (connection != null) {
                return new Reached(backend, connection);
            }
        }
        return null;
    }

    private ProxyProcess start(String name, String document) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), document);
        ProxyProcess process =
                open(InProcessProxy.start(file, folder.resolve("state-" + name), OutputStream.nullOutputStream()));
        return process;
    }

    private void replace(String name, String document) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), document);
        Files.move(next, folder.resolve(name + ".yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String document(String ofRule) {
        return "listeners: [{name: ws, address: 127.0.0.1, port: 0}]\nsessionKey: {file: " + folder.resolve("key")
                + "}\nroutes:\n  - name: r\n    rules:\n      - name: all\n" + ofRule
                + "        backends:\n          - name: b\n            endpoints:\n"
                + "              - {address: 127.0.0.1, port: " + one.address().getPort() + "}\n"
                + "              - {address: 127.0.0.1, port: " + two.address().getPort() + "}\n";
    }
}
