// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.PeerChannel;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import dev.wsroute.proxy.testkit.TlsPeerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random hand-overs on real sockets: seeded combinations of early bytes, splits, ends, resets, Close frames and slow
 * readers. {@code -Dwsroute.handovers.seed=N} repeats a failed one; {@code -Dwsroute.handovers=N} sets their number.
 */
class RandomHandoversTest extends ProxyTest {

    private static final Logger LOG = LoggerFactory.getLogger(RandomHandoversTest.class);
    private static final int SMALL = 4096;
    private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

    private Selector selector;
    private ServerSocketChannel server;
    private TestProxy roomy;
    private TestProxy narrow;

    @BeforeEach
    void start() throws Exception {
        selector = open(Selector.open());
        server = open(ServerSocketChannel.open());
        server.setOption(StandardSocketOptions.SO_RCVBUF, 64 * 1024);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        Duration never = Duration.ofMinutes(5);
        roomy = open(TestProxy.options().to(address).closeTimeout(never).start());
        narrow = open(TestProxy.options()
                .to(address)
                .closeTimeout(never)
                .maxBufferedBytes(SMALL)
                .start());
    }

    @Test
    void everyByteArrivesOnceAndInOrder() throws Exception {
        Long one = Long.getLong("wsroute.handovers.seed");
        if (one == null) {
            play(Integer.getInteger("wsroute.handovers", 300));
        } else {
            play(one);
            assertNothingLeft();
        }
    }

    @Test
    @Tag("full")
    void everyByteArrivesOnceAndInOrderInTwentyThousandScenarios() throws Exception {
        play(20_000);
    }

    private void play(int count) throws Exception {
        long start = System.nanoTime();
        for (long seed = 1; seed <= count; seed++) {
            play(seed);
        }
        assertNothingLeft();
        LOG.info(
                "{} scenarios on {}: {} ms",
                count,
                TestProxy.transport(),
                Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    private void play(long seed) throws Exception {
        HandoverScenario scenario = HandoverScenario.of(seed);
        TestProxy proxy = seed % 2 == 0 ? roomy : narrow;
        ScriptedPeer client = new ScriptedPeer(connect(proxy, seed), selector, scenario, true);
        ScriptedPeer backend = null;
        try {
            backend = play(scenario, proxy, client);
            new HandoverOracle(scenario, client, backend).check();
        } catch (AssertionError | IOException e) {
            throw new AssertionError("-Dwsroute.handovers.seed=" + seed + ": " + e.getMessage() + "; " + scenario, e);
        } finally {
            client.close();
            if (backend != null) {
                backend.close();
            }
        }
    }

    private static PeerChannel connect(TestProxy proxy, long seed) throws IOException {
        SocketChannel channel = SocketChannel.open();
        if (seed % 3 == 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
        }
        channel.connect(proxy.address());
        return TestTls.isOn()
                ? TlsPeerChannel.connect(channel, new Random(seed), proxy::finishReading)
                : PeerChannel.plain(channel);
    }

    /** Returns the backend's side; null if the proxy has not connected to it. */
    private @Nullable ScriptedPeer play(HandoverScenario scenario, TestProxy proxy, ScriptedPeer client)
            throws IOException {
        Runnable settle = proxy::finishReading;
        ScriptedPeer backend = null;
        long start = System.nanoTime();
        while (true) {
            if (backend == null) {
                backend = accept(scenario, proxy);
            }
            boolean moved = client.advance(backend, settle);
            if (backend != null) {
                moved |= backend.advance(client, settle);
                if (backend.isDone() && isStale(scenario, backend)) {
                    backend.close();
                    backend = null;
                    continue;
                }
            }
            if (client.isDone() && (backend == null ? isForgotten(proxy) : backend.isDone())) {
                return backend;
            }
            if (!moved) {
                select(client, backend);
            }
            assertThat(System.nanoTime() - start)
                    .as("client %s, backend %s", client, backend)
                    .isLessThan(PATIENCE);
        }
    }

    private void select(ScriptedPeer client, @Nullable ScriptedPeer backend) throws IOException {
        client.watch(backend);
        if (backend != null) {
            backend.watch(client);
        }
        selector.select(20);
        selector.selectedKeys().clear();
    }

    private @Nullable ScriptedPeer accept(HandoverScenario scenario, TestProxy proxy) throws IOException {
        SocketChannel accepted = server.accept();
        PeerChannel channel = accepted == null ? null : secured(accepted, scenario, proxy);
        return channel == null ? null : new ScriptedPeer(channel, selector, scenario, false);
    }

    /** Null if the proxy abandoned the connection during the TLS handshake because its client had disconnected. */
    private static @Nullable PeerChannel secured(SocketChannel accepted, HandoverScenario scenario, TestProxy proxy)
            throws IOException {
        if (!TestTls.isOnBackends()) {
            return PeerChannel.plain(accepted);
        }
        try {
            return TlsPeerChannel.accept(
                    accepted, TestTls.backendContext(), new Random(scenario.hashCode()), proxy::finishReading);
        } catch (IOException gone) {
            accepted.close();
            return null;
        }
    }

    /** Whether the connection belongs to an earlier scenario, whose client had disconnected by then. */
    private static boolean isStale(HandoverScenario scenario, ScriptedPeer backend) {
        return !scenario.asks(backend.head());
    }

    /** Whether no connection to a backend will be made for it. */
    private boolean isForgotten(TestProxy proxy) throws IOException {
        proxy.finishReading();
        return proxy.server().clientConnections() == 0;
    }

    private void assertNothingLeft() {
        for (TestProxy proxy : new TestProxy[] {roomy, narrow}) {
            await().untilAsserted(() -> {
                assertThat(proxy.connections().size()).isZero();
                assertThat(proxy.endpoints().openLeases()).isZero();
                assertThat(proxy.server().clientConnections()).isZero();
            });
        }
    }
}
