// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.AccessVerdict;
import dev.wsroute.proxy.routing.Grant;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that does not end, as if what runs beside the loop had been lost. */
class UndecidedTest extends ProxyTest {

    private final Queue<Runnable> lateAnswers = new ConcurrentLinkedQueue<>();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private RawBackend server;
    private TestProxy proxy;

    /** Answers when the test says so, and not within a moment. */
    private final class Lost implements AccessGate {

        @Override
        public void check(
                Supplier<? extends @Nullable AccessRequest> request, EventLoop loop, Consumer<AccessVerdict> answer) {
            lateAnswers.add(() -> loop.submit(() -> answer.accept(new AccessVerdict(new Grant(), null)))
                    .syncUninterruptibly());
        }

        @Override
        public Duration longest() {
            return Duration.ofMillis(50);
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = open(RawBackend.start());
        proxy = open(TestProxy.options()
                .to(server.address())
                .metrics(metrics)
                .gate(new Lost())
                .start());
    }

    @Test
    void theClientIsAnsweredAndALateAnswerChangesNothing() throws Exception {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());

        assertThat(client.readHead()).startsWith("HTTP/1.1 503 ");
        assertThat(metrics.events()).contains("refused access_undecided 503 'apps/echo'");
        lateAnswers.remove().run();
        assertThat(server.isLeftAloneFor(20)).isTrue();
        assertThat(proxy.failures().count(FailurePoint.TASK)).isZero();
    }

    @Test
    void whoHasLeftIsNotServedByALateAnswer() throws Exception {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        await().until(() -> !lateAnswers.isEmpty());

        client.close();

        await().until(() -> proxy.server().clientConnections() == 0);
        lateAnswers.remove().run();
        assertThat(server.isLeftAloneFor(20)).isTrue();
    }

    @Test
    void theWaitIsLongerThanTheLongestTimeoutOfACheck() {
        AccessGate usual = (request, loop, answer) -> {};

        assertThat(usual.longest()).isGreaterThan(Duration.ofMinutes(1));
    }
}
