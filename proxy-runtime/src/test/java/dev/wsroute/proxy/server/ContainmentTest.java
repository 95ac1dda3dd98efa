// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.accesslog.AccessLogSink;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.TunnelMeter;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.routing.RequestRouter;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.Traps;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Throws an error at each point where a connection calls something. A new method of one of these interfaces needs a new
 * case.
 */
@Tag("slow")
class ContainmentTest extends ProxyTest {

    private static final Duration SOON = Duration.ofMillis(300);
    private static final byte[] LARGE = new byte[4 << 20];

    /** Methods that connections do not call, or not in this test. */
    private static final Set<String> ELSEWHERE = Set.of(
            "acceptPaused",
            "accessReported",
            "authorizationChecked",
            "ejected",
            "source",
            "zoneChosen",
            "rateExceeded",
            "rateWaited",
            "tlsEstablished",
            "tlsFailed",
            "backendTlsEstablished",
            "backendTlsFailed");

    private final Traps traps = new Traps();

    static Stream<Method> hooks() {
        return Traps.hooks(
                        ProxyMetrics.class,
                        TunnelMeter.class,
                        AccessLogSink.class,
                        RequestRouter.class,
                        EndpointSelector.class,
                        EndpointLease.class)
                .filter(method -> !ELSEWHERE.contains(method.getName()));
    }

    @ParameterizedTest
    @MethodSource("hooks")
    void anErrorForOneConnectionLeavesNothingBehindAndDoesNotAffectOthers(Method hook) throws Exception {
        ScriptedBackend backend = open(new ScriptedBackend());
        TestProxy proxy = open(TestProxy.options()
                .to(closedPort())
                .to(backend.address())
                .traps(traps)
                .timeouts(new Timeouts(Duration.ofSeconds(5), SOON, null, Timeouts.DEFAULT.writeStall()))
                .closeTimeout(SOON)
                .limits(RequestLimits.DEFAULT.withTimeouts(SOON, SOON, SOON))
                .start());
        RawPeer bystander = openEcho(proxy);

        traps.arm(hook);
        playEverything(proxy);

        assertThat(traps.disarm()).as("the connections of this test reach it").isPositive();
        assertThat(Arrays.stream(FailurePoint.values())
                        .mapToLong(proxy.failures()::count)
                        .sum())
                .as("the error is counted")
                .isPositive();
        assertEcho(bystander);
        assertEcho(openEcho(proxy));
        await().untilAsserted(() -> {
            assertThat(proxy.server().clientConnections()).isEqualTo(2);
            assertThat(proxy.server().backends.size()).isEqualTo(2);
            assertThat(proxy.connections().size()).isEqualTo(2);
        });
    }

    /** Opens connections of every kind. Each gets a response or is closed; otherwise reading fails. */
    private void playEverything(TestProxy proxy) throws Exception {
        List<RawPeer> clients = new ArrayList<>();
        String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        attempt(() -> clients.add(client(proxy, request)));
        attempt(() -> clients.add(
                client(proxy, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc")));
        attempt(() -> clients.add(client(proxy, request.replace("Host: a", "Host: nowhere.example"))));
        attempt(() -> clients.add(client(proxy, request.replace("GET /", "GET /vanish"))));
        attempt(() -> clients.add(client(proxy, "GET / HT")));
        attempt(() -> clients.add(client(proxy, handshake("silence"))));
        attempt(() ->
                clients.add(client(proxy, handshake("echo"), Frame.text("a", true), Frame.close(1000, "", true))));
        attempt(() -> clients.add(client(proxy, handshake("vanish"), Frame.text("a", true))));
        attempt(() -> clients.add(client(proxy, handshake("flood"))));
        attempt(() -> client(proxy, request.replace("GET /", "GET /silence")).close());
        for (RawPeer client : clients) {
            readToItsEnd(client);
        }
    }

    private static String handshake(String want) {
        return TestProxy.handshake("X-Want: /" + want);
    }

    private RawPeer client(TestProxy proxy, String head, byte[]... frames) throws IOException {
        RawPeer peer = open(RawPeer.connect(proxy.address(), 16 * 1024));
        try {
            peer.send(head);
            for (byte[] frame : frames) {
                peer.send(frame);
            }
        } catch (SocketException e) {
            // It was reset, which the next read shows.
        }
        return peer;
    }

    private static void readToItsEnd(RawPeer peer) throws IOException {
        try {
            peer.readToEnd();
        } catch (SocketException reset) {
            // A reset is accepted, too.
        }
    }

    /** A connection may be reset as soon as it is accepted. */
    private static void attempt(Step step) throws IOException {
        try {
            step.play();
        } catch (SocketException reset) {
            // A reset is accepted, too.
        }
    }

    /** Acts as a client. */
    @FunctionalInterface
    private interface Step {
        void play() throws IOException;
    }

    private RawPeer openEcho(TestProxy proxy) throws IOException {
        RawPeer client = client(proxy, handshake("echo"));
        client.readHead();
        return client;
    }

    private static void assertEcho(RawPeer client) throws IOException {
        client.send(Frame.text("ping", true));
        assertThat(client.readFrame().text()).isEqualTo("ping");
    }

    private static InetSocketAddress closedPort() {
        return new InetSocketAddress("127.0.0.1", FreePort.find());
    }

    /** Does with each connection what its request asks for. */
    private static final class ScriptedBackend implements AutoCloseable {

        private static final Pattern WANT = Pattern.compile("(?:GET|x-want:) /(\\w+)", Pattern.CASE_INSENSITIVE);

        private final RawBackend server = RawBackend.start();
        private final ExecutorService threads = Executors.newCachedThreadPool();

        ScriptedBackend() throws IOException {
            threads.execute(() -> {
                try {
                    while (true) {
                        RawPeer peer = server.accept();
                        threads.execute(() -> serve(peer));
                    }
                } catch (IOException e) {
                    // The client has disconnected.
                }
            });
        }

        InetSocketAddress address() {
            return server.address();
        }

        private static void serve(RawPeer peer) {
            try (peer) {
                String head = peer.readHead();
                boolean webSocket = head.toLowerCase(Locale.ROOT).contains("upgrade: websocket");
                Matcher want = WANT.matcher(webSocket ? head.substring(head.indexOf('\n')) : head);
                String wanted = want.find() ? want.group(1) : "";
                if (webSocket && !wanted.equals("silence")) {
                    peer.send(TestProxy.switching());
                }
                switch (wanted) {
                    case "echo" -> echo(peer);
                    case "flood" -> {
                        peer.send(Frame.encode(Frame.BINARY, LARGE, false));
                        peer.send(Frame.close(1000, "", false));
                    }
                    case "silence" -> peer.readToEnd();
                    case "vanish" -> peer.endOutput();
                    default -> peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            } catch (IOException e) {
                // It may have been reset.
            }
        }

        private static void echo(RawPeer peer) throws IOException {
            while (true) {
                Frame frame = peer.readFrame();
                peer.send(Frame.encode(frame.first(), frame.payload(), false));
                if (frame.first() == Frame.CLOSE) {
                    return;
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }
}
