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
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients that read nothing, and a backend that sends responses in pieces of a few bytes, each in its own segment. The
 * clients use small segments, so that the kernel buffers less for them.
 */
public final class PieceFlood implements Stalling {

    private static final int IPPROTO_TCP = 6;
    private static final IntegerUnixChannelOption MAXSEG = new IntegerUnixChannelOption("MAXSEG", IPPROTO_TCP, 2);
    private static final int SMALL_BUFFER = 4096;

    /** A little more than the kernel buffers, so that pieces are queued in the proxy. */
    private static final int FIRST = 76_000;

    private static final ByteBuf PIECE =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("3\r\nabc\r\n", StandardCharsets.US_ASCII));

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final LongAdder pieces = new LongAdder();
    private final Channel server = new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel accepted) {
                    all.add(accepted);
                    accepted.pipeline().addLast(new Backend());
                }
            })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Number of pieces sent. */
    public long pieces() {
        return pieces.sum();
    }

    @Override
    public void connect(InetSocketAddress proxy, String host) {
        Channel client = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(MAXSEG, 536)
                .option(ChannelOption.SO_RCVBUF, SMALL_BUFFER)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
                        ctx.close();
                    }
                })
                .connect(proxy)
                .syncUninterruptibly()
                .channel();
        all.add(client);
        client.writeAndFlush(
                Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n", StandardCharsets.US_ASCII));
    }

    /** Responds, and sends one piece per millisecond while the socket accepts them. */
    private final class Backend extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object request) {
            ReferenceCountUtil.release(request);
            ctx.writeAndFlush(Unpooled.copiedBuffer(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(FIRST) + "\r\n"
                            + "a".repeat(FIRST) + "\r\n",
                    StandardCharsets.US_ASCII));
            sendPiece(ctx);
        }

        private void sendPiece(ChannelHandlerContext ctx) {
            if (!ctx.channel().isActive()) {
                return;
            }
            if (ctx.channel().unsafe().outboundBuffer().isEmpty()) {
                pieces.increment();
                ctx.writeAndFlush(PIECE.duplicate());
            }
            ctx.executor().schedule(() -> sendPiece(ctx), 1, TimeUnit.MILLISECONDS);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable reset) {
            ctx.close();
        }
    }

    @Override
    public void close() {
        all.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
