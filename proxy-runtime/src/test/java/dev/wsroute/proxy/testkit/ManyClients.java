// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many WebSocket clients and their backend. Both only open WebSockets and answer Close. */
public final class ManyClients implements AutoCloseable {

    private static final int CONNECT_AT_ONCE = 50;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final List<Integer> codes = new CopyOnWriteArrayList<>();
    private final List<Long> moments = new CopyOnWriteArrayList<>();

    public ManyClients() {
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(true))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    /** The backend's address. */
    public InetSocketAddress backend() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Connects {@code count} clients, a few at a time. */
    public void connect(int count, InetSocketAddress proxy) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(initializer(false))
                .remoteAddress(proxy);
        AtomicInteger left = new AtomicInteger(count);
        for (int i = 0; i < CONNECT_AT_ONCE; i++) {
            connectNext(bootstrap, left);
        }
    }

    private static void connectNext(Bootstrap bootstrap, AtomicInteger left) {
        if (left.decrementAndGet() >= 0) {
            bootstrap.connect().addListener(connected -> connectNext(bootstrap, left));
        }
    }

    /** Number of clients that have received a 101. */
    public int opened() {
        return opened.get();
    }

    /** Number of clients whose connections have ended. */
    public int ended() {
        return ended.get();
    }

    /** The codes of the Close frames that clients received. */
    public List<Integer> codes() {
        return codes;
    }

    /** When clients received Close, as {@link System#nanoTime()}. */
    public List<Long> moments() {
        return moments;
    }

    private ChannelInitializer<Channel> initializer(boolean backend) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Member(backend));
            }
        };
    }

    private static ByteBuf bytes(String latin1) {
        return Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1);
    }

    private final class Member extends ChannelInboundHandlerAdapter {
        private final boolean backend;
        private final StringBuilder closes = new StringBuilder();
        private boolean open;

        Member(boolean backend) {
            this.backend = backend;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (!backend) {
                ctx.writeAndFlush(bytes(TestProxy.handshake()));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            closes.append(buffer.toString(StandardCharsets.ISO_8859_1));
            buffer.release();
            int head = closes.indexOf("\r\n\r\n");
            if (!open && head >= 0) {
                open = true;
                closes.delete(0, head + 4);
                if (backend) {
                    ctx.writeAndFlush(bytes(TestProxy.switching()));
                } else {
                    opened.incrementAndGet();
                }
            }
            if (open && closes.length() >= 4 && (closes.charAt(0) & 0xff) == Frame.CLOSE) {
                if (!backend) {
                    moments.add(System.nanoTime());
                    codes.add(closes.charAt(2) << 8 | closes.charAt(3));
                }
                closes.setLength(0);
                ctx.writeAndFlush(Unpooled.wrappedBuffer(Frame.close(1000, "", !backend)));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!backend) {
                ended.incrementAndGet();
            }
        }
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
