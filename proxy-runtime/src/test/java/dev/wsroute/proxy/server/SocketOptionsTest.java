package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.group.ChannelGroup;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the kernel says of a tunnel's two sockets. */
class SocketOptionsTest extends ProxyTest {

    private RawBackend backend;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Epoll.isAvailable() && !"nio".equals(System.getProperty("wsroute.test.io")));
        backend = open(RawBackend.start());
    }

    @Test
    void dead_peers_are_found_on_both_sides() throws Exception {
        TestProxy proxy = open(TestProxy.to(backend));
        open(proxy.open(backend));

        for (Channel channel : new Channel[] {only(proxy.server().clients), only(proxy.server().backends)}) {
            assertThat(channel).isInstanceOf(EpollSocketChannel.class);
            assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
            assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPIDLE))
                    .isEqualTo(75);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_KEEPINTVL))
                    .isEqualTo(40);
            assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                    .isEqualTo(160_000);
        }
    }

    @Test
    void the_limit_to_unacknowledged_bytes_follows_the_rules_write_stall() throws Exception {
        Timeouts slow = new Timeouts(null, null, null, Duration.ofMinutes(5));
        TestProxy proxy =
                open(TestProxy.options().to(backend.address()).timeouts(slow).start());
        open(proxy.open(backend));

        for (Channel channel : new Channel[] {only(proxy.server().clients), only(proxy.server().backends)}) {
            assertThat(channel.config().getOption(EpollChannelOption.TCP_USER_TIMEOUT))
                    .isEqualTo(310_000);
        }
    }

    @Test
    void a_silent_tunnels_peers_are_probed_when_it_is_its_turn() throws Exception {
        TestProxy proxy = open(TestProxy.options()
                .to(backend.address())
                .keepaliveRound(Duration.ofMillis(1500))
                .start());
        TestProxy.Pair tunnel = open(proxy.open(backend));

        for (Channel channel : new Channel[] {only(proxy.server().clients), only(proxy.server().backends)}) {
            // The kernel's own time is 75 s.
            await().until(() -> option(channel, EpollChannelOption.TCP_KEEPIDLE) == 1);
            await().untilAsserted(() -> {
                EpollTcpInfo info = ((EpollSocketChannel) channel).tcpInfo();
                assertThat(info.lastAckRecv() + 500).isLessThan(info.lastDataSent());
            });
        }

        tunnel.client().send(Frame.header(Frame.BINARY, 0, true));
        Channel client = only(proxy.server().clients);
        Channel behind = only(proxy.server().backends);
        for (int seconds : new int[] {75, 1}) {
            await().until(() -> option(client, EpollChannelOption.TCP_KEEPIDLE) == seconds
                    && option(behind, EpollChannelOption.TCP_KEEPIDLE) == seconds);
        }
    }

    private static int option(Channel channel, ChannelOption<Integer> option) {
        return channel.config().getOption(option);
    }

    private static Channel only(ChannelGroup channels) {
        assertThat(channels.size()).isOne();
        return channels.iterator().next();
    }
}
