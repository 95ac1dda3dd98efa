// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log of a whole proxy, depending on its configuration. */
@Tag("slow")
class AccessLogTest extends ProxyTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private RawBackend backend;
    private ProxyProcess process;

    @BeforeEach
    void start() throws Exception {
        backend = open(RawBackend.start());
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document("{}"));
        process = open(InProcessProxy.start(file, null, log));
    }

    @Test
    void aWebsocketHasALineAtItsOpeningAndOneAtItsEnd() throws Exception {
        RawPeer client = openWebSocket();
        JsonNode opened = line(0);
        assertThat(opened.path("event").asText()).isEqualTo("open");
        assertThat(opened.path("route").asText()).isEqualTo("r");
        assertThat(opened.path("rule").asText()).isEqualTo("all");
        assertThat(opened.path("backend").asText()).isEqualTo("b");
        assertThat(opened.path("subprotocol").asText()).isEqualTo("chat.v2");
        assertThat(opened.path("endpoint").asText())
                .isEqualTo("127.0.0.1:" + backend.address().getPort());
        assertThat(opened.path("connectMicros").asLong()).isPositive();
        assertThat(opened.path("upgradeMicros").asLong()).isPositive();

        byte[] message = Frame.text("hello", true);
        client.send(message);
        client.close();

        JsonNode closed = line(1);
        assertThat(closed.path("event").asText()).isEqualTo("close");
        assertThat(closed.path("messagesIn").asInt()).isEqualTo(1);
        assertThat(closed.path("bytesIn").asInt()).isEqualTo(message.length);
        assertThat(closed.path("initiator").asText()).isEqualTo("client");
        assertThat(closed.path("end").asText()).isEqualTo("client_gone");
    }

    @Test
    void aRefusedRequestHasOneLineWithTheReason() throws Exception {
        RawPeer client = open(RawPeer.connect(address()));
        client.send("GET /x HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");

        JsonNode line = line(0);
        assertThat(line.path("event").asText()).isEqualTo("request");
        assertThat(line.path("status").asInt()).isEqualTo(404);
        assertThat(line.path("detail").asText()).isEqualTo("No route for this host and path.");
    }

    @Test
    void formatAndSilenceComeWithTheConfigurationAndTouchNoConnection() throws Exception {
        RawPeer client = openWebSocket();
        line(0);

        replace(document("{enabled: false}"), 2);
        openWebSocket();
        replace(document("{format: Text}"), 3);
        openWebSocket();

        await().until(() -> lines().size() > 1);
        assertThat(lines().get(1))
                .matches("\\S+Z open 127.0.0.1:\\d+ \"GET chat.example.com/chat.x=1\" 101 \\d+ms r all b 127.0.0.1:"
                        + backend.address().getPort());
        client.send(Frame.text("still here", true));
        client.close();
        await().until(() -> lines().size() > 2);
        assertThat(lines().get(2)).contains("Z close 127.0.0.1:").contains(" in=1/");
    }

    private RawPeer openWebSocket() throws IOException {
        RawPeer client = open(RawPeer.connect(address()));
        client.send(TestProxy.handshake("Sec-WebSocket-Protocol: chat.v2, chat.v1"));
        RawPeer behind = open(backend.accept());
        behind.readHead();
        behind.send(TestProxy.switching("Sec-WebSocket-Protocol: chat.v2"));
        client.readHead();
        return client;
    }

    private String metrics() throws Exception {
        URI page = URI.create("http://127.0.0.1:" + process.adminAddress().getPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                .body();
    }

    private List<String> lines() {
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private JsonNode line(int index) throws IOException {
        await().until(() -> lines().size() > index);
        return new ObjectMapper().readTree(lines().get(index));
    }

    private InetSocketAddress address() {
        String address = process.addresses().get(0);
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    private void replace(String document, int applied) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), document);
        Files.move(next, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
        await().until(() -> metrics().contains("wsroute_config_applied_total " + applied + ".0"));
    }

    private String document(String accessLog) {
        return "listeners: [{name: ws, address: 127.0.0.1, port: 0}]\naccessLog: " + accessLog
                + "\nroutes:\n  - name: r\n    hostnames: [chat.example.com]\n    rules:\n      - name: all\n"
                + "        backends: [{name: b, weight: 1, endpoints: [{address: 127.0.0.1, port: "
                + backend.address().getPort() + "}]}]\n";
    }
}
