// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TcpChannelTest extends TcpChannelFixture {

    @Test
    void bytesPassInBothDirectionsAndTheAddressesAreKnown() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());

        channel.write(bytes("head, "));
        channel.write(bytes("body, "));
        channel.writeAndFlush(bytes("end"));
        assertThat(peer.getInputStream().readNBytes(15))
                .isEqualTo("head, body, end".getBytes(StandardCharsets.US_ASCII));
        peer.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));

        await().until(() -> handler.text.toString().equals("answer"));
        assertThat(channel.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
        assertThat(channel.localAddress()).isEqualTo(peer.getRemoteSocketAddress());
    }

    @Test
    void aPeerThatHasEndedItsOutputCanBeWrittenTo() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        peer.getOutputStream().write("last".getBytes(StandardCharsets.US_ASCII));
        peer.shutdownOutput();
        await().until(() -> handler.events.contains("input ended"));

        channel.writeAndFlush(bytes("reply")).sync();
        loops.submit(() -> HalfClose.endOutput(channel)).sync();

        assertThat(handler.text).hasToString("last");
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo("reply".getBytes(StandardCharsets.US_ASCII));
        assertThat(handler.events).containsExactly("input ended");
    }

    @Test
    void withoutHalfClosureTheEndOfThePeersOutputCloses() throws Exception {
        connected(false);
        open(server.accept()).shutdownOutput();

        await().until(() -> handler.events.equals(List.of("closed")));
    }

    @Test
    void aResetIsReportedAndCloses() throws Exception {
        connected(true);
        Socket peer = server.accept();
        peer.setSoLinger(true, 0);
        peer.close();

        await().until(() -> handler.events.contains("closed"));
        assertThat(handler.events).startsWith("broken");
    }

    @Test
    void bytesThatTheSocketDoesNotAcceptAtOnceAreSentLater() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        String chunk = "0123456789abcdef".repeat(4096);
        for (int i = 0; i < 300; i++) {
            channel.write(bytes(chunk));
        }
        ChannelFuture last = channel.writeAndFlush(bytes("end"));
        loops.submit(() -> {}).sync();
        assertThat(last.isDone()).isFalse();

        byte[] all = peer.getInputStream().readNBytes(300 * chunk.length() + 3);

        assertThat(new String(all, StandardCharsets.US_ASCII)).startsWith(chunk).endsWith(chunk + "end");
        last.sync();
    }

    @Test
    void aRefusedConnectionAndAConnectTimeoutFail() throws Exception {
        int port = server.getLocalPort();
        server.close();
        ChannelFuture refused = connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), true, 5000)
                .awaitUninterruptibly();
        assertThat(refused.cause()).isInstanceOf(ConnectException.class);
        await().until(() -> !refused.channel().isOpen());

        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            ChannelFuture late = connect((InetSocketAddress) full.getLocalSocketAddress(), true, 50)
                    .awaitUninterruptibly();
            assertThat(late.cause()).isInstanceOf(ConnectTimeoutException.class);
            await().until(() -> !late.channel().isOpen());
        }
    }
}
