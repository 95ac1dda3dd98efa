// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.testkit.ProxyTest;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AcceptorTest extends ProxyTest {

    private final ContainedLoops loops = Transport.NIO.newEventLoops(4);

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void eachEventLoopGetsAsManyConnections() {
        List<Channel> accepted = new CopyOnWriteArrayList<>();
        EmbeddedChannel listener = new EmbeddedChannel(new Acceptor(loops, accepted::add));

        for (int i = 0; i < 40; i++) {
            listener.writeInbound(new NioSocketChannel());
        }

        await().until(() -> accepted.size() == 40);
        Map<EventLoop, Long> perLoop =
                accepted.stream().collect(Collectors.groupingBy(Channel::eventLoop, Collectors.counting()));
        assertThat(perLoop).hasSize(4);
        assertThat(perLoop.values()).containsOnly(10L);
        accepted.forEach(channel -> channel.close().syncUninterruptibly());
        listener.finishAndReleaseAll();
    }
}
