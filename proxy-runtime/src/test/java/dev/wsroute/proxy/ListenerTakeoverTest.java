// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.FreePort;
import dev.wsroute.proxy.testkit.RawPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners change while clients keep connecting. */
@Tag("slow")
class ListenerTakeoverTest extends ProxyProcessFixture {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n";
    private static final int CLIENTS = 4;

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile boolean over;
    private final int port = FreePort.find();

    @AfterEach
    void end() throws InterruptedException {
        over = true;
        clients.shutdown();
        assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void whoeverConnectsWhileTheFirstConfigurationIsAppliedIsHeldToIt(String io) throws Exception {
        StringBuilder strict = new StringBuilder(
                at("127.0.0.1", "clientAddress: {trustedProxies: [192.0.2.1], proxyProtocol: Require}\n"));
        for (int i = 0; i < 500; i++) {
            strict.append("  - {name: r").append(i).append(", hostnames: [h").append(i);
            strict.append(".example.com], rules: [{name: all, backends: []}]}\n");
        }
        hammer("127.0.0.1", false);

        start(strict.toString(), Map.of(), io);
        awaitAnswers(50);

        assertThat(answers).containsOnly("reset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aListenerThatChangesItsAddressAndKeepsItsPortLosesNoClient(String io) throws Exception {
        start(at("127.0.0.1", ""), Map.of(), io);
        hammer("127.0.0.1", true);

        int applied = 1;
        for (String address : List.of("0.0.0.0", "'::'", "127.0.0.1", "'::'", "127.0.0.1", "0.0.0.0", "127.0.0.1")) {
            awaitAnswers(count.get() + 20);
            replace(at(address, ""));
            awaitApplied(++applied);
        }
        awaitAnswers(count.get() + 500);

        assertThat(answers).containsOnly("HTTP/1.1 404 Not Found");
        assertThat(running().addresses()).containsExactly("ws on 127.0.0.1:" + port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aSocketOfOneAddressThatBecomesTheWildcardsIsLeftToItAgain(String io) throws Exception {
        start(at("0.0.0.0", ""), Map.of(), io);
        assertThat(ask("127.0.0.2")).isEqualTo("HTTP/1.1 404 Not Found");

        replace(at("127.0.0.1", ""));
        awaitApplied(2);
        Awaitility.await().until(() -> ask("127.0.0.2"), "refused"::equals);
        assertThat(ask("127.0.0.1")).isEqualTo("HTTP/1.1 404 Not Found");

        replace(at("127.0.0.2", ""));
        awaitApplied(3);
        assertThat(ask("127.0.0.1")).isEqualTo("refused");
        assertThat(ask("127.0.0.2")).isEqualTo("HTTP/1.1 404 Not Found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "nio"})
    void aChangeOfAddressThatFailsLosesNoClientEither(String io) throws Exception {
        start(at("0.0.0.0", ""), Map.of(), io);
        hammer("127.0.0.1", true);

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            replace(at("127.0.0.1", "")
                    .replace(
                            "port: " + port + "}]",
                            "port: " + port + "}, {name: more, address: 127.0.0.1, port: " + taken.getLocalPort()
                                    + "}]"));
            Awaitility.await()
                    .until(() ->
                            admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));
            awaitAnswers(count.get() + 500);
            assertThat(ask("127.0.0.2")).isEqualTo("HTTP/1.1 404 Not Found");
        }

        assertThat(answers).containsOnly("HTTP/1.1 404 Not Found");
    }

    @Test
    void aListenerWhosePortIsBusyOpensWhenItIsFreeAgain() throws Exception {
        start(document("", one));
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            replace(at("127.0.0.1", ""));
            Awaitility.await()
                    .until(() ->
                            admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));
            assertThat(admin("/config").body())
                    .contains("Cannot listen on 127.0.0.1:" + taken.getLocalPort() + " for listener 'ws'");
            assertThat(admin("/metrics").body()).contains("wsroute_config_stale{cause=\"listener\"} 1.0");
        }

        awaitApplied(2);

        assertThat(ask("127.0.0.1")).isEqualTo("HTTP/1.1 404 Not Found");
        assertThat(admin("/metrics").body())
                .contains(
                        "wsroute_config_stale{cause=\"listener\"} 0.0",
                        "wsroute_config_refused_total{cause=\"listener\"} 1.0");
    }

    @Test
    void twoListenersWithOverlappingAddressesAreRefusedInEitherOrder() throws Exception {
        start(at("127.0.0.1", ""));

        replace(at("0.0.0.0", "").replace("[{", "[{name: b, address: 127.0.0.1, port: " + port + "}, {"));
        Awaitility.await()
                .until(() -> admin("/metrics").body().contains("wsroute_config_refused_total{cause=\"listener\"} 1.0"));

        assertThat(ask("127.0.0.1")).isEqualTo("HTTP/1.1 404 Not Found");
        assertThat(running().addresses()).containsExactly("ws on 127.0.0.1:" + port);
    }

    private String at(String address, String head) {
        return document(head, one).replace("address: 127.0.0.1, port: 0", "address: " + address + ", port: " + port);
    }

    /** Keeps connecting until the test ends. */
    private void hammer(String host, boolean refusalsCount) {
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(() -> {
                while (!over) {
                    String answer = ask(host);
                    if (!over && (refusalsCount || !answer.equals("refused"))) {
                        answers.add(answer);
                        count.incrementAndGet();
                    }
                }
            });
        }
    }

    private void awaitAnswers(int number) {
        Awaitility.await().until(() -> count.get() >= number);
    }

    /** The status line of the response, or how the connection ended. */
    private String ask(String host) {
        try (RawPeer peer = RawPeer.connect(new InetSocketAddress(host, port))) {
            peer.send(REQUEST);
            return peer.readHead().lines().findFirst().orElse("nothing");
        } catch (ConnectException e) {
            return "refused";
        } catch (IOException e) {
            return "reset";
        }
    }
}
