// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.proxy.admin.AdminOptions;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestProxy.Pair;
import dev.wsroute.testkit.Written;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole proxy with its configuration in a file, two backends behind it, all on real sockets. */
public abstract class ProxyProcessFixture {

    @TempDir
    public Path folder;

    public RawBackend one;
    RawBackend two;
    private @Nullable ProxyProcess process;
    private final OutputStream log = Written.to("access-log");

    @BeforeEach
    void backends() throws IOException {
        one = RawBackend.start();
        two = RawBackend.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (process != null) {
            writePages();
            process.close();
        }
        log.close();
        one.close();
        two.close();
    }

    /** For the last step of the build, which looks for secrets in them. */
    private void writePages() throws Exception {
        try {
            for (String page : List.of("/config", "/connections", "/metrics")) {
                Written.add("pages", admin(page).body());
            }
        } catch (ConnectException e) {
            // The test has ended the proxy.
        }
    }

    void start(String document) throws Exception {
        start(document, Map.of());
    }

    void start(String document, Map<String, Integer> listen) throws Exception {
        start(document, listen, "auto");
    }

    /** @param io as {@code --io} takes it */
    void start(String document, Map<String, Integer> listen, String io) throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document);
        process = InProcessProxy.start(options(file, 0, listen, io), log);
    }

    void start(String document, AdminOptions admin) throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document);
        process = InProcessProxy.start(InProcessProxy.options(file, null, admin, Map.of(), "auto"), log);
    }

    void start(String document, MemoryPlan memory) throws Exception {
        Path file = Files.writeString(folder.resolve("proxy.yaml"), document);
        process = InProcessProxy.start(InProcessProxy.options(file, memory), log);
    }

    static ProxyOptions options(Path file, int adminPort, Map<String, Integer> listen) {
        return options(file, adminPort, listen, "auto");
    }

    private static ProxyOptions options(Path file, int adminPort, Map<String, Integer> listen, String io) {
        return InProcessProxy.options(file, null, new AdminOptions("127.0.0.1", adminPort, 0, null), listen, io);
    }

    static String document(String head, RawBackend... backends) {
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

    void replace(String document) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), document);
        Files.move(next, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    void awaitApplied(int count) {
        Awaitility.await()
                .until(() -> admin("/metrics").body().contains("wsroute_config_applied_total " + count + ".0"));
    }

    InetSocketAddress listening() {
        String address = running().addresses().get(0);
        return new InetSocketAddress("127.0.0.1", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    Pair open(RawBackend backend) throws IOException {
        RawPeer client = RawPeer.connect(listening());
        client.send(TestProxy.handshake());
        RawPeer behind = backend.accept();
        behind.readHead();
        behind.send(TestProxy.switching());
        client.readHead();
        return new Pair(client, behind);
    }

    HttpResponse<String> admin(String path) throws Exception {
        int port = running().adminAddress().getPort();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        BodyHandlers.ofString());
    }

    ProxyProcess running() {
        return Objects.requireNonNull(process);
    }
}
