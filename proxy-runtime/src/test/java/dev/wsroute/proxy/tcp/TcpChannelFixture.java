// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.proxy.testkit.ProxyTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A TCP channel whose peer is a socket of the JDK. */
abstract class TcpChannelFixture extends ProxyTest {

    final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    final RecordingHandler handler = new RecordingHandler();
    ServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        assumeTrue(Epoll.isAvailable());
        server = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Records what a channel's handler receives. */
    @ChannelHandler.Sharable
    static final class RecordingHandler extends ChannelInboundHandlerAdapter {
        final StringBuffer text = new StringBuffer();
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            text.append(buffer.toString(StandardCharsets.US_ASCII));
            buffer.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                events.add("input ended");
            } else if (event instanceof UnreadEnd) {
                events.add(event.toString());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause instanceof IOException ? "broken" : cause.toString());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("closed");
        }
    }

    ChannelFuture connect(InetSocketAddress address, boolean halfClosure, int timeoutMillis) {
        return connect(handler, address, halfClosure, timeoutMillis);
    }

    ChannelFuture connect(RecordingHandler handler, InetSocketAddress address, boolean halfClosure, int timeoutMillis) {
        TcpChannel channel = TcpChannel.towards(address);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
        channel.config().setConnectTimeoutMillis(timeoutMillis);
        channel.pipeline().addLast(handler);
        loops.register(channel).syncUninterruptibly();
        return channel.connect(address);
    }

    Channel connected(boolean halfClosure) {
        return connect((InetSocketAddress) server.getLocalSocketAddress(), halfClosure, 5000)
                .syncUninterruptibly()
                .channel();
    }

    /** On the event loop, since a pause from another thread takes effect later. */
    void pause(Channel channel) throws Exception {
        loops.submit(() -> channel.config().setAutoRead(false)).sync();
    }

    /** Waits until epoll has reported all earlier events: it reports sockets in the order of their events. */
    void awaitEpollEvents() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordingHandler last = new RecordingHandler();
            Channel channel = connect(last, (InetSocketAddress) other.getLocalSocketAddress(), true, 5000)
                    .sync()
                    .channel();
            try (Socket peer = other.accept()) {
                peer.getOutputStream().write('!');
                await().until(() -> last.text.length() == 1);
            }
            channel.close().sync();
        }
    }

    static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
