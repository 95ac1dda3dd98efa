package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole proxy with its configuration in a file, on real sockets. */
class ProxyProcessTest {

    private static final String OTHER_ROUTE =
            "  - {name: other, hostnames: [other.example.com], rules: [{name: all, backends: []}]}\n";

    @TempDir
    private Path folder;

    private RawBackend one;
    private RawBackend two;
    private @Nullable ProxyProcess process;

    @BeforeEach
    void backends() throws IOException {
        one = RawBackend.start();
        two = RawBackend.start();
    }

    @AfterEach
    void stop() throws IOException {
        if (process != null) {
            process.close();
        }
        one.close();
        two.close();
    }

    @Test
    void it_proxies_by_its_file_and_is_ready_then() throws Exception {
        start(document("", one));

        try (Pair tunnel = open(one)) {
            tunnel.client().send(Frame.text("hello", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello");
        }
        assertThat(admin("/livez").statusCode()).isEqualTo(200);
        assertThat(admin("/readyz").statusCode()).isEqualTo(200);
        assertThat(admin("/nowhere").statusCode()).isEqualTo(404);
    }

    @Test
    void the_config_page_shows_endpoints_and_their_live_connections() throws Exception {
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
    void the_connections_page_shows_open_websockets_by_route_while_they_are_open() throws Exception {
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
    void a_crowd_that_waits_for_its_turn_to_leave_is_on_the_config_page() throws Exception {
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
    void the_config_page_does_not_tell_where_keys_are() throws Exception {
        Path key = Files.write(folder.resolve("session"), new byte[32]);
        start(document("sessionKey: {file: " + key + "}\n", one));

        assertThat(admin("/config").body())
                .contains("\"routes\"")
                .doesNotContain(key.toString())
                .doesNotContain("sessionKey");
    }

    @Test
    void changes_that_do_not_concern_a_connection_do_not_touch_it() throws Exception {
        start(document("", one));
        try (Pair tunnel = open(one)) {
            replace(document("", one, two) + OTHER_ROUTE);
            awaitApplied(2);
            replace(document("", one));
            awaitApplied(3);

            tunnel.backend().send(Frame.text("still here", false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("still here");
        }
    }

    @Test
    void limits_and_trust_of_the_file_hold_from_then_on_and_close_nobody() throws Exception {
        start(document("", one));
        try (Pair tunnel = open(one)) {
            replace(document("limits: {connectionsPerClient: 1}\nclientAddress: {trustedProxies: [127.0.0.1]}\n", one));
            awaitApplied(2);
            try (RawPeer told = RawPeer.connect(listening());
                    RawPeer again = RawPeer.connect(listening())) {
                told.send(TestProxy.handshake("X-Forwarded-For: 192.0.2.1"));
                try (RawPeer behind = one.accept()) {
                    assertThat(behind.readHead()).contains("X-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n");
                    again.send(TestProxy.handshake("X-Forwarded-For: 192.0.2.1"));
                    assertThat(again.readHead()).startsWith("HTTP/1.1 429 ");
                }
            }
            tunnel.backend().send(Frame.text("still here", false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("still here");
        }
        assertThat(admin("/metrics").body())
                .contains("wsroute_refusals_total{reason=\"client_connections\",route=\"r\",status=\"429\"} 1.0");
    }

    @Test
    void an_endpoint_taken_out_of_the_file_has_its_connections_closed_with_1012() throws Exception {
        start(document("", one));
        try (Pair leaving = open(one)) {
            replace(document("", two));

            assertThat(leaving.client().readFrame().closeCode()).isEqualTo(1012);
            assertThat(leaving.backend().readFrame().closeCode()).isEqualTo(1012);
            try (Pair fresh = open(two)) {
                fresh.backend().send(Frame.text("welcome", false));
                assertThat(fresh.client().readFrame().text()).isEqualTo("welcome");
            }
        }
    }

    @Test
    void a_handshake_that_ends_after_its_endpoint_was_taken_out_is_asked_to_leave_at_once() throws Exception {
        start(document("", one));
        try (RawPeer client = RawPeer.connect(listening());
                RawPeer leaving = answered(client)) {
            replace(document("", two));
            awaitApplied(2);

            leaving.send(TestProxy.switching());

            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(client.readFrame().closeCode()).isEqualTo(1012);
            assertThat(leaving.readFrame().closeCode()).isEqualTo(1012);
        }
    }

    @Test
    void a_route_taken_out_of_the_file_has_its_connections_closed_with_1001() throws Exception {
        start(document("", one) + OTHER_ROUTE);
        try (Pair leaving = open(one)) {
            replace("listeners: [{name: ws, address: 127.0.0.1, port: 0}]\ndrain: {over: 0s}\nroutes:\n" + OTHER_ROUTE);

            assertThat(leaving.client().readFrame().closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void a_broken_file_changes_nothing_and_says_why() throws Exception {
        start(document("", one));
        try (Pair tunnel = open(one)) {
            replace(document("", two).replace("weight: 1", "weight: -1"));
            Awaitility.await()
                    .until(() ->
                            admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"invalid\"} 1.0"));

            assertThat(admin("/config").body())
                    .contains("\"cause\" : \"invalid\"")
                    .contains("routes[0].rules[0].backends[0].weight must be between 0 and 1000000, got -1");
            tunnel.client().send(Frame.text("still here", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("still here");
            try (Pair fresh = open(one)) {
                fresh.client().send(Frame.text("as before", true));
                assertThat(fresh.backend().readFrame().text()).isEqualTo("as before");
            }
        }
    }

    @Test
    void listeners_come_and_go_with_the_file_and_connections_stay() throws Exception {
        int first = freePort();
        int second = freePort();
        start(document("", one).replace("port: 0", "port: " + first));
        try (Pair tunnel = open(one)) {
            replace(document("", one).replace("port: 0", "port: " + second));
            awaitApplied(2);

            assertThat(running().addresses()).containsExactly("ws on 127.0.0.1:" + second);
            assertThatThrownBy(() -> RawPeer.connect(new InetSocketAddress("127.0.0.1", first)))
                    .isInstanceOf(IOException.class);
            tunnel.client().send(Frame.text("still here", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("still here");
        }
    }

    @Test
    void a_renamed_listener_keeps_its_socket() throws Exception {
        int port = freePort();
        start(document("", one).replace("port: 0", "port: " + port));

        replace(document("", two).replace("name: ws, address: 127.0.0.1, port: 0", "name: chat, port: " + port));
        awaitApplied(2);

        assertThat(running().addresses()).containsExactly("chat on 127.0.0.1:" + port);
        try (Pair fresh = open(two)) {
            fresh.backend().send(Frame.text("welcome", false));
            assertThat(fresh.client().readFrame().text()).isEqualTo("welcome");
        }
    }

    @Test
    void two_listeners_cannot_share_a_socket() throws Exception {
        int port = freePort();
        start(document("", one));

        replace(document("", two)
                .replace(
                        "[{name: ws, address: 127.0.0.1, port: 0}]",
                        "[{name: a, port: " + port + "}, {name: b, address: 127.0.0.1, port: " + port + "}]"));
        Awaitility.await()
                .until(() -> admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));

        assertThat(admin("/config").body())
                .contains("Cannot listen on 127.0.0.1:" + port
                        + " for listener 'b': another listener has that address and port");
        assertThatThrownBy(() -> RawPeer.connect(new InetSocketAddress("127.0.0.1", port)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void listeners_of_the_command_line_are_the_only_ones_and_keep_their_ports() throws Exception {
        int told = freePort();
        int written = freePort();
        start(
                document("", one)
                        .replace(
                                "[{name: ws, address: 127.0.0.1, port: 0}]",
                                "[{name: ws, address: 127.0.0.2, port: " + written + "}, {name: more, port: 0}]"),
                Map.of("ws", told));

        assertThat(running().addresses()).containsExactly("ws on 127.0.0.2:" + told);
        assertThatThrownBy(() -> RawPeer.connect(new InetSocketAddress("127.0.0.2", written)))
                .isInstanceOf(IOException.class);

        replace(document("", one).replace("port: 0", "port: " + written));
        awaitApplied(2);

        assertThat(running().addresses()).containsExactly("ws on 127.0.0.1:" + told);
        try (Pair tunnel = open(one)) {
            tunnel.client().send(Frame.text("hello", true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("hello");
        }
    }

    @Test
    void a_listener_of_the_command_line_needs_none_in_the_document() throws Exception {
        start(document("", one), Map.of("other", 0));

        assertThat(running().addresses()).singleElement().asString().startsWith("other on 127.0.0.1:");
    }

    @Test
    void a_new_listener_whose_port_is_taken_refuses_the_file_as_a_whole() throws Exception {
        start(document("", one));
        try (ServerSocket taken = new ServerSocket(0)) {
            replace(document("", two).replace("port: 0", "port: " + taken.getLocalPort()));
            Awaitility.await()
                    .until(() ->
                            admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));
        }

        try (Pair fresh = open(one)) {
            fresh.client().send(Frame.text("as before", true));
            assertThat(fresh.backend().readFrame().text()).isEqualTo("as before");
        }
    }

    @Test
    void a_shutdown_lets_the_readiness_fall_closes_with_1001_and_ends() throws Exception {
        start(document("", one).replace("\ndrain: {over: 0s}", "\ndrain: {delay: 500ms, over: 0s, closeTimeout: 1s}"));
        try (Pair tunnel = open(one)) {
            Thread shutdown = new Thread(() -> running().drainAndClose());
            shutdown.start();

            Awaitility.await().until(() -> admin("/readyz").statusCode() == 503);
            assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1001);
            tunnel.client().send(Frame.close(1001, "", true));
            shutdown.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(shutdown.isAlive()).isFalse();
        }
    }

    @Test
    void an_admin_port_that_is_taken_is_one_clear_sentence() throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document("", one));
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> ProxyProcess.start(options(file, taken.getLocalPort(), Map.of())))
                    .isInstanceOf(StartupException.class)
                    .hasMessageStartingWith("The admin port cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    private void start(String document) throws Exception {
        start(document, Map.of());
    }

    private void start(String document, Map<String, Integer> listen) throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document);
        process = ProxyProcess.start(options(file, 0, listen));
        String failure = process.failure().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(failure).isNull();
    }

    private static ProxyOptions options(Path file, int adminPort, Map<String, Integer> listen) {
        return new ProxyOptions(
                file, null, null, null, null, listen, null, "127.0.0.1", adminPort, "auto", LogFormat.text, Level.INFO);
    }

    private static String document(String head, RawBackend... backends) {
        StringBuilder text = new StringBuilder(head)
                .append("listeners: [{name: ws, address: 127.0.0.1, port: 0}]\ndrain: {over: 0s}\nroutes:\n")
                .append("  - name: r\n    hostnames: [chat.example.com]\n    rules:\n      - name: all\n")
                .append("        drain: {over: 0s}\n        backends:\n          - name: b\n            weight: 1\n")
                .append("            endpoints:\n");
        for (RawBackend backend : backends) {
            text.append("              - {address: 127.0.0.1, port: ")
                    .append(backend.address().getPort())
                    .append("}\n");
        }
        return text.toString();
    }

    private void replace(String document) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), document);
        Files.move(next, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void awaitApplied(int count) {
        Awaitility.await()
                .until(() -> admin("/metrics").body().contains("wsroute_config_applied_total " + count + ".0"));
    }

    private RawPeer answered(RawPeer client) throws IOException {
        client.send(TestProxy.handshake());
        RawPeer behind = one.accept();
        behind.readHead();
        return behind;
    }

    private InetSocketAddress listening() {
        String address = running().addresses().get(0);
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    private Pair open(RawBackend backend) throws IOException {
        RawPeer client = RawPeer.connect(listening());
        client.send(TestProxy.handshake());
        RawPeer behind = backend.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();
        return new Pair(client, behind);
    }

    private HttpResponse<String> admin(String path) throws Exception {
        int port = running().adminAddress().getPort();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        BodyHandlers.ofString());
    }

    private ProxyProcess running() {
        return Objects.requireNonNull(process);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
