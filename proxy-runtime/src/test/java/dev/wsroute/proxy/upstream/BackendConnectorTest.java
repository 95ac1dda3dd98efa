// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.StubEndpoints;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendConnectorTest {

    private final EventLoopGroup loops = Transport.NIO.newEventLoops(1);
    private final EventLoop loop = loops.next();
    private final StubEndpoints endpoints =
            new StubEndpoints().add(new InetSocketAddress("127.0.0.1", 1)).add(new InetSocketAddress("127.0.0.1", 2));

    private final RecordingMetrics metrics = new RecordingMetrics();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aFailedDialIsReportedAndOthersAreTried() throws Exception {
        assertThat(dial(new ConnectException("Connection refused"))).isTrue();

        assertThat(endpoints.openLeases()).isZero();
        assertThat(endpoints.connectFailures()).isEqualTo(2);
    }

    @Test
    void whatTheProxyItselfLacksIsNotHeldAgainstAnEndpoint() throws Exception {
        dial(new ChannelException(new SocketException("Too many open files")));

        assertThat(metrics.events()).isEmpty();
        assertThat(endpoints.connectFailures()).isZero();
        assertThat(endpoints.openLeases()).isZero();
    }

    @Test
    void withoutALocalPortAnotherEndpointIsTriedAndNoneIsBlamed() throws Exception {
        dial(new ConnectException("connect(..) failed with error(-99): Cannot assign requested address"));

        assertThat(metrics.events())
                .containsExactly("connect failed pod-0", "connect retried r service/echo:ws", "connect failed pod-1");
        assertThat(endpoints.connectFailures()).isZero();
    }

    /** Whether the failure was reported on the connection's event loop. */
    private boolean dial(Exception failure) throws Exception {
        Recorder recorded = new Recorder();
        BackendConnector connector = new BackendConnector(
                (eventLoop, address) -> {
                    if (failure instanceof ChannelException noSocket) {
                        throw noSocket;
                    }
                    return new DefaultChannelPromise(new EmbeddedChannel(), eventLoop).setFailure(failure);
                },
                MemoryPlan.ofProcess().budgets(),
                metrics,
                new ActiveRule("r", RuleConfig.named("all").connectRetries(1).build(), endpoints),
                new Facts("a", "/"),
                loop,
                recorded);

        loop.execute(connector::start);

        return recorded.onLoop.get(10, TimeUnit.SECONDS);
    }

    private final class Recorder implements BackendConnector.ConnectListener {

        private final CompletableFuture<Boolean> onLoop = new CompletableFuture<>();

        @Override
        public void connected(Channel backend, EndpointLease lease) {
            onLoop.completeExceptionally(new AssertionError("nothing can be connected"));
        }

        @Override
        public void noEndpoint() {
            onLoop.completeExceptionally(new AssertionError("there are endpoints"));
        }

        @Override
        public void unreachable(boolean timedOut, @Nullable String detail) {
            onLoop.complete(loop.inEventLoop());
        }

        @Override
        public void outOfDescriptors() {
            onLoop.complete(loop.inEventLoop());
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
