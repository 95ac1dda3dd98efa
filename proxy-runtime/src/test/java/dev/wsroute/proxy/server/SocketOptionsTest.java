// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.tcp.TcpOptions;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's options and counters of a tunnel's two sockets. */
@Tag("slow")
class SocketOptionsTest extends ProxyTest {

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    // Offsets in Linux' struct tcp_info. Both values are in milliseconds before now.
    private static final int LAST_DATA_SENT = 44;
    private static final int LAST_ACK_RECEIVED = 56;
    /** Segments sent, with and without data. */
    private static final int SEGMENTS_OUT = 136;

    private RawBackend backend;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        backend = open(RawBackend.start());
    }

    @Test
    void deadPeersAreDetectedOnBothSides() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .keepaliveRound(Duration.ofMillis(600))
                .start());
        open(proxy.open(backend));

        for (Channel channel : new Channel[] {only(proxy.server().clients), only(proxy.server().backends)}) {
            assertThat(channel).isInstanceOf(TcpChannel.class);
            assertThat(option(channel, TcpOptions.NODELAY)).isOne();
            // The options of a backend's socket are set in the tunnel's first keepalive round.
            await().until(() -> option(channel, TcpOptions.KEEPALIVE) == 1);
            assertThat(option(channel, TcpOptions.KEEPINTVL)).isEqualTo(40);
            assertThat(option(channel, TcpOptions.USER_TIMEOUT)).isEqualTo(160_000);
        }
    }

    @Test
    void theUserTimeoutFollowsTheRulesWriteStallTimeout() throws Exception {
        Timeouts slow = new Timeouts(null, null, null, Duration.ofMinutes(5));
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .timeouts(slow)
                .keepaliveRound(Duration.ofMillis(600))
                .start());
        open(proxy.open(backend));

        for (Channel channel : new Channel[] {only(proxy.server().clients), only(proxy.server().backends)}) {
            await().until(() -> option(channel, TcpOptions.USER_TIMEOUT) == 310_000);
        }
    }

    @Test
    void thePeersOfASilentTunnelAreProbedInItsRound() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .keepaliveRound(Duration.ofMillis(1500))
                .start());
        TestProxy.Pair tunnel = open(proxy.open(backend));

        for (Channel channel : new Channel[] {only(proxy.server().clients), only(proxy.server().backends)}) {
            // The kernel itself would probe after 75 s.
            await().until(() -> option(channel, TcpOptions.KEEPIDLE) == 1);
            await().untilAsserted(() -> {
                ByteBuffer info = tcpInfo(channel);
                assertThat(info.getInt(LAST_ACK_RECEIVED) + 500).isLessThan(info.getInt(LAST_DATA_SENT));
            });
        }

        tunnel.client().send(Frame.header(Frame.BINARY, 0, true));
        Channel client = only(proxy.server().clients);
        Channel behind = only(proxy.server().backends);
        for (int seconds : new int[] {75, 1}) {
            await().until(() ->
                    option(client, TcpOptions.KEEPIDLE) == seconds && option(behind, TcpOptions.KEEPIDLE) == seconds);
        }
    }

    @Test
    void theNextFrameCarriesTheAcknowledgement() throws Exception {
        TestProxy proxy = open(TestProxy.to(backend));
        open(proxy.connect());
        await().until(() -> !proxy.server().clients.isEmpty());
        assertThat(option(only(proxy.server().clients), TcpOptions.QUICKACK)).isZero();

        assertThat(Stream.generate(() -> quickAckOfABackend(proxy)).limit(20))
                .as(
                        "one of several attempts: the kernel enables QUICKACK again when its timer for a delayed acknowledgement fires")
                .contains(0);
    }

    private int quickAckOfABackend(TestProxy proxy) {
        await().until(proxy.server().backends::isEmpty);
        try {
            TestProxy.Pair tunnel = proxy.open(backend);
            int quickAck = option(only(proxy.server().backends), TcpOptions.QUICKACK);
            tunnel.close();
            return quickAck;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** One of several attempts, since a delayed acknowledgement may be sent in between. */
    @Test
    void theLastFrameAndTheEndOfTheStreamShareASegment() throws Exception {
        TestProxy proxy = open(TestProxy.to(backend));

        assertThat(Stream.generate(() -> segmentsOfTheEnd(proxy)).limit(20)).contains(1);
    }

    private int segmentsOfTheEnd(TestProxy proxy) {
        await().until(proxy.server().backends::isEmpty);
        try (TestProxy.Pair tunnel = proxy.open(backend)) {
            tunnel.backend().send(Frame.close(1000, "", false));
            tunnel.client().readFrame();
            Channel behind = only(proxy.server().backends);
            int before = tcpInfo(behind).getInt(SEGMENTS_OUT);

            tunnel.client().send(Frame.close(1000, "", true));

            assertThat(tunnel.backend().readFrame().isClose()).isTrue();
            assertThat(tunnel.backend().atEnd()).isTrue();
            return tcpInfo(behind).getInt(SEGMENTS_OUT) - before;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer tcpInfo(Channel channel) throws IOException {
        ByteBuffer info = ByteBuffer.allocateDirect(SEGMENTS_OUT + 4).order(ByteOrder.nativeOrder());
        ((TcpChannel) channel).socket().getRawOpt(IPPROTO_TCP, TCP_INFO, info);
        return info;
    }

    private static int option(Channel channel, ChannelOption<Integer> option) {
        return channel.config().getOption(option);
    }

    private static Channel only(Collection<Channel> channels) {
        assertThat(channels.size()).isOne();
        return channels.iterator().next();
    }
}
