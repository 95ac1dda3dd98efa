// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PausedReadingTest extends TcpChannelFixture {

    @Test
    void nothingIsReadWhileReadingIsPaused() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        pause(channel);
        peer.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
        peer.shutdownOutput();
        awaitEpollEvents();
        assertThat(handler.text).isEmpty();

        channel.config().setAutoRead(true);

        await().until(() -> handler.events.contains("input ended"));
        assertThat(handler.text).hasToString("one");
    }

    @Test
    void anEndWhileReadingIsPausedIsReportedOnceAndLosesNoBytes() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        pause(channel);
        peer.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
        peer.shutdownOutput();
        await().until(() -> handler.events.contains("ENDED"));
        pause(channel);
        awaitEpollEvents();
        assertThat(handler.text).isEmpty();

        channel.config().setAutoRead(true);

        await().until(() -> handler.events.contains("input ended"));
        assertThat(handler.text).hasToString("one");
        assertThat(handler.events).containsExactly("ENDED", "input ended");
    }

    @Test
    void aResetWhileReadingIsPausedIsReportedDespiteUnreadBytes() throws Exception {
        Channel channel = connected(true);
        Socket peer = server.accept();
        pause(channel);
        peer.getOutputStream().write(new byte[50_000]);
        peer.shutdownOutput();
        await().until(() -> handler.events.contains("ENDED"));

        peer.setSoLinger(true, 0);
        peer.close();

        await().until(() -> handler.events.contains("BROKEN"));
        assertThat(handler.events).containsExactly("ENDED", "BROKEN");
        channel.close().sync();
    }

    @Test
    void aPausedListenerAcceptsNothingUntilItResumes() throws Exception {
        List<Channel> accepted = new CopyOnWriteArrayList<>();
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(TcpListener.class)
                .option(TcpOptions.NODELAY, 1)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        open(new Socket(InetAddress.getLoopbackAddress(), port));
        await().until(() -> accepted.size() == 1);
        assertThat(accepted.get(0).config().getOption(TcpOptions.NODELAY)).isOne();
        pause(listener);

        open(new Socket(InetAddress.getLoopbackAddress(), port));
        awaitEpollEvents();
        assertThat(accepted).hasSize(1);

        listener.config().setAutoRead(true);
        await().until(() -> accepted.size() == 2);
    }
}
