// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.CountingBackend;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A new endpoint's share of short connections at a steady rate, through a whole proxy on real sockets. */
@Tag("slow")
class NewEndpointShareTest extends ProxyTest {

    private static final String PLAIN = "GET / HTTP/1.1\r\nHost: chat.example.com\r\nConnection: close\r\n\r\n";
    private static final int CONNECTIONS = 200;
    private static final Duration PERIOD = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final List<CountingBackend> backends = new ArrayList<>();
    private InetSocketAddress proxy;

    @BeforeEach
    void proxyWithThreeEndpoints() throws Exception {
        for (int i = 0; i < 4; i++) {
            backends.add(open(CountingBackend.start()));
        }
        ProxyProcess process = open(InProcessProxy.start(
                Files.writeString(folder.resolve("proxy.yaml"), document(3)),
                folder.resolve("state"),
                OutputStream.nullOutputStream()));
        String address = process.addresses().get(0);
        proxy = new InetSocketAddress("127.0.0.1", Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(60)
    void aFourthEndpointGetsSomeOfFiftyConnectionsASecondAndLessThanItsFairShare(boolean plain) throws Exception {
        Path next = Files.writeString(folder.resolve("next"), document(4));
        Files.move(next, folder.resolve("proxy.yaml"), StandardCopyOption.ATOMIC_MOVE);
        CountingBackend fourth = backends.get(3);
        Awaitility.await().atMost(PATIENCE).pollInterval(PERIOD).until(() -> {
            connect(plain);
            return fourth.served() > 0;
        });
        int before = fourth.served();

        atRate(plain);

        assertThat(fourth.served() - before).isBetween(2, CONNECTIONS / 4);
    }

    private void atRate(boolean plain) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        ScheduledExecutorService clients = Executors.newScheduledThreadPool(1);
        int[] left = {CONNECTIONS};
        try {
            clients.scheduleAtFixedRate(
                    () -> {
                        try {
                            connect(plain);
                        } catch (IOException e) {
                            done.completeExceptionally(e);
                        }
                        if (--left[0] == 0) {
                            done.complete(null);
                        }
                    },
                    0,
                    PERIOD.toMillis(),
                    TimeUnit.MILLISECONDS);
            done.join();
        } finally {
            clients.shutdownNow();
        }
    }

    private void connect(boolean plain) throws IOException {
        try (RawPeer client = RawPeer.connect(proxy)) {
            client.send(plain ? PLAIN : TestProxy.handshake());
            assertThat(client.readHead()).startsWith(plain ? "HTTP/1.1 200" : "HTTP/1.1 101");
        }
    }

    private String document(int endpoints) {
        return "listeners: [{name: ws, address: 127.0.0.1, port: 0}]\nroutes:\n  - name: r\n    rules:\n"
                + "      - name: all\n        loadBalancing: {slowStart: 10m}\n        backends:\n"
                + "          - name: b\n            endpoints:\n"
                + backends.stream()
                        .limit(endpoints)
                        .map(backend -> "              - {address: 127.0.0.1, port: " + backend.port() + "}\n")
                        .collect(Collectors.joining());
    }
}
