// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ManualPacing;
import dev.wsroute.proxy.drain.PacedShedder;
import dev.wsroute.proxy.drain.ShedObserver;
import dev.wsroute.proxy.drain.ShutdownSequence;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ShutdownTest extends ProxyTest {

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private RawBackend server;
    private TestProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.to(server));
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    private PacedShedder pacer() {
        return new PacedShedder(scheduler, proxy.connections(), () -> Duration.ofSeconds(60), ShedObserver.NONE);
    }

    private CompletableFuture<Void> shutDown(Duration delay, Duration over, Duration closeTimeout) {
        return new ShutdownSequence(proxy.server(), proxy.connections(), pacer(), scheduler)
                .begin(new ProxyDrain(delay, over, closeTimeout), () -> {}, () -> {})
                .toCompletableFuture();
    }

    @Test
    void everyTunnelIsClosedWith1001OverTheWindowAndThenItIsDone() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            TestProxy.Pair tunnel = open(proxy.open(server));
            new Thread(() -> answerClose(tunnel, closed)).start();
        }
        ManualScheduler time = new ManualScheduler();
        AskedConnections asked = new AskedConnections();
        CompletableFuture<Void> done = new ShutdownSequence(
                        proxy.server(),
                        proxy.connections(),
                        ManualPacing.shedder(time, proxy.connections(), asked),
                        time)
                .begin(new ProxyDrain(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5)), () -> {}, () -> {})
                .toCompletableFuture();

        time.advance(Duration.ofMillis(500));

        assertThat(asked.count).isBetween(8, 12);
        await().until(() -> closed.get() == asked.count);
        assertThat(done).isNotDone();

        time.advance(Duration.ofMillis(500));

        await().until(() -> closed.get() == 20);
        await().until(done::isDone);
        assertThat(proxy.connections().size()).isZero();
    }

    private static void answerClose(TestProxy.Pair tunnel, AtomicInteger closed) {
        try (tunnel) {
            assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1001);
            tunnel.client().send(Frame.close(1001, "", true));
            assertThat(tunnel.backend().readFrame().closeCode()).isEqualTo(1001);
            closed.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class AskedConnections implements ShedObserver {

        private int count;

        @Override
        public void waiting(CloseReason reason, int change) {}

        @Override
        public void asked(CloseReason reason) {
            count++;
        }
    }

    @Test
    void newConnectionsAreAcceptedDuringTheDelayAndRefusedAfterwards() throws Exception {
        CompletableFuture<Void> done = shutDown(Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(5));
        open(proxy.open(server)).close();

        done.join();

        // With NIO, the next run of the selector closes the kernel's socket.
        await().until(this::connectFails);
    }

    private boolean connectFails() throws Exception {
        try (RawPeer unexpected = proxy.connect()) {
            return unexpected.localPort() < 0;
        } catch (ConnectException refused) {
            return true;
        }
    }

    @Test
    void clientsInTheAcceptQueueAreAnsweredWhenTheListenersClose() throws Exception {
        RawPeer plain;
        RawPeer upgrading;
        RawPeer silent;
        CompletableFuture<Void> done;
        Runnable releaseUnused = proxy.hold();
        try {
            plain = open(proxy.connect()).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            upgrading = open(proxy.connect()).send(TestProxy.handshake());
            silent = open(proxy.connect());
            done = shutDown(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(20));
            // Waits for the step that closes the listeners.
            scheduler.submit(() -> {}).get();
        } finally {
            releaseUnused.run();
        }

        RawPeer backend = open(server.accept());
        backend.readHead();
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertThat(plain.readHead()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close\r\n");
        assertThat(plain.readToEnd()).isEqualTo("ok");
        assertThat(upgrading.readHead()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1\r\n");
        silent.close();
        plain.close();
        upgrading.close();
        done.join();
    }

    @Test
    void onceShutdownHasBegunConnectionsCloseAfterTheirResponse() throws Exception {
        RawPeer client = open(proxy.connect());
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer backend = open(server.accept());
        backend.readHead();

        shutDown(Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
        backend.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(client.readHead()).containsIgnoringCase("connection: close\r\n");
        assertThat(client.readToEnd()).isEqualTo("ok");
        open(proxy.open(server)).close();
    }

    @Test
    void noSocketIsBoundAfterTheListenersHaveClosed() throws Exception {
        shutDown(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(5));
        await().until(this::connectFails);

        assertThatThrownBy(() -> proxy.server().bind(ListenerConfig.http("late", null, 0), "127.0.0.1", false))
                .isInstanceOf(IOException.class)
                .hasMessage("Cannot open listener 'late': the proxy is shutting down");
    }

    @Test
    void withoutConnectionsItIsDoneAtOnce() {
        CompletableFuture<Void> done = shutDown(Duration.ZERO, Duration.ofMinutes(5), Duration.ofMinutes(5));

        await().untilAsserted(() -> assertThat(done).isCompleted());
    }

    @Test
    void aPlainResponseInProgressIsFinishedAndIdleConnectionsAreClosed() throws Exception {
        RawPeer idle = open(proxy.connect());
        idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer first = open(server.accept());
        first.readHead();
        first.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        idle.readHead();
        RawPeer busy = open(proxy.connect());
        busy.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        RawPeer second = open(server.accept());
        second.readHead();

        CompletableFuture<Void> done = shutDown(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(5));
        assertThat(idle.atEnd()).isTrue();
        assertThat(done).isNotDone();
        second.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(busy.readHead()).containsIgnoringCase("connection: close");
        assertThat(busy.readToEnd()).isEqualTo("ok");
        idle.close();
        busy.close();
        await().until(done::isDone);
    }

    @Test
    void aClientThatDoesNotAnswerTheCloseIsReset() throws Exception {
        TestProxy.Pair tunnel = open(proxy.open(server));

        CompletableFuture<Void> done = shutDown(Duration.ZERO, Duration.ofMillis(100), Duration.ofMillis(200));
        done.join();

        assertThat(tunnel.client().isReset()).isTrue();
        await().untilAsserted(() -> assertThat(proxy.connections().size()).isZero());
    }

    @Test
    void aTunnelThatOpensWhileOthersAreClosedIsClosedToo() throws Exception {
        aTunnelThatOpensLateIsClosed(Duration.ofSeconds(1));
    }

    @Test
    void aTunnelThatOpensAfterAllOthersWereClosedIsClosedAtOnce() throws Exception {
        aTunnelThatOpensLateIsClosed(Duration.ZERO);
    }

    private void aTunnelThatOpensLateIsClosed(Duration over) throws Exception {
        RawPeer late = open(proxy.connect());
        late.send(TestProxy.handshake());
        RawPeer backend = open(server.accept());
        backend.readHead();
        CompletableFuture<Void> done = shutDown(Duration.ZERO, over, Duration.ofSeconds(20));
        await().until(this::connectFails);

        backend.send(TestProxy.switching());

        assertThat(late.readHead()).startsWith("HTTP/1.1 101 ");
        assertThat(late.readFrame().closeCode()).isEqualTo(1001);
        assertThat(backend.readFrame().closeCode()).isEqualTo(1001);
        late.close();
        backend.close();
        done.join();
    }

    @Test
    void anUpgradeAfterTheListenersHaveClosedIsRefused() throws Exception {
        RawPeer late = open(proxy.connect());
        await().untilAsserted(
                        () -> assertThat(proxy.server().clientConnections()).isOne());
        shutDown(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(5));
        await().until(this::connectFails);

        late.send(TestProxy.handshake());

        assertThat(late.readHead()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after");
        assertThat(late.readText("The proxy is shutting down.\n".length())).isEqualTo("The proxy is shutting down.\n");
    }
}
