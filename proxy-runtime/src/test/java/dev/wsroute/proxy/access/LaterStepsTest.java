// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.config.AccessConfig;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.channel.EventLoop;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Steps that are asked after one that had to wait. */
class LaterStepsTest extends ProxyTest {

    private final List<WeakReference<AccessRequest>> asked = new CopyOnWriteArrayList<>();
    private final List<Runnable> answers = new CopyOnWriteArrayList<>();
    private final AtomicInteger askedLater = new AtomicInteger();
    private final RecordingMetrics metrics = new RecordingMetrics();
    private TestProxy proxy;

    /** Passes when the test says so. */
    private final class Waiting implements AccessStep {

        @Override
        public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
            asked.add(new WeakReference<>(request));
            answers.add(() -> loop.submit(() -> next.accept(null)).awaitUninterruptibly());
        }
    }

    private final class Failing implements AccessStep {

        @Override
        public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
            askedLater.incrementAndGet();
            throw new IllegalStateException("a step that fails; the test expects it");
        }
    }

    @BeforeEach
    void start() throws Exception {
        proxy = open(TestProxy.options()
                .to(open(RawBackend.start()).address())
                .metrics(metrics)
                .rule(rule -> rule.access(AccessConfig.ofOrigins(List.of())))
                .steps((route, rule) -> new Waiting(), (route, rule) -> new Failing())
                .start());
    }

    @Test
    void whoHasLeftIsNeitherKeptNorAskedAbout() throws Exception {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        await().until(() -> !answers.isEmpty());

        client.close();

        await().until(() -> proxy.server().clientConnections() == 0);
        await().until(() -> {
            System.gc();
            return asked.get(0).get() == null;
        });
        answers.get(0).run();
        assertThat(askedLater).hasValue(0);
    }

    @Test
    void whatAStepThrowsIsToldAtOnce() throws Exception {
        RawPeer client = open(proxy.connect()).send(TestProxy.handshake());
        await().until(() -> !answers.isEmpty());

        answers.get(0).run();

        assertThat(client.readHead()).startsWith("HTTP/1.1 503 ");
        assertThat(metrics.events()).contains("refused access_undecided 503 'apps/echo'");
        assertThat(proxy.failures().count(FailurePoint.TASK)).isOne();
    }
}
