// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.proxy.tcp.TcpChannel;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.channel.Channel;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Once the client has its 101, the tunnel's wires read and write the sockets themselves (ADR 18). */
class TunnelSocketsTest extends ProxyTest {

    private TestProxy proxy;
    private TestProxy.Pair tunnel;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        RawBackend backend = open(RawBackend.start());
        proxy = open(TestProxy.to(backend));
        tunnel = open(proxy.open(backend));
    }

    @Test
    void bothSocketsOfAnOpenTunnelHaveLeftTheirChannels() throws Exception {
        assertThat(channels()).hasSize(2).allMatch(channel -> ((TcpChannel) channel).isTaken());

        exchange(100);

        assertThat(channels().filter(Channel::isOpen)).hasSize(2);
        tunnel.client().send(Frame.close(1000, "bye", true));
        assertThat(tunnel.backend().readFrame().closeCode()).isEqualTo(1000);
        tunnel.backend().send(Frame.close(1000, "bye", false));
        assertThat(tunnel.client().readFrame().closeCode()).isEqualTo(1000);
        assertThat(tunnel.client().atEnd()).isTrue();
        tunnel.close();
        await().untilAsserted(() -> {
            assertThat(channels()).isEmpty();
            assertThat(proxy.connections().size()).isZero();
        });
    }

    private void exchange(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            tunnel.client().send(Frame.text("ping " + i, true));
            assertThat(tunnel.backend().readFrame().text()).isEqualTo("ping " + i);
            tunnel.backend().send(Frame.text("pong " + i, false));
            assertThat(tunnel.client().readFrame().text()).isEqualTo("pong " + i);
        }
    }

    private Stream<Channel> channels() {
        return Stream.concat(proxy.server().clients.stream(), proxy.server().backends.stream());
    }
}
