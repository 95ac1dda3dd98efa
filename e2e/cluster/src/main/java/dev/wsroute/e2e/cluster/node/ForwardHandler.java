// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * One direction of a forwarded connection. Like a packet forwarder it passes on bytes in order, the end of the stream, and
 * resets. It reads only while the other side is writable.
 */
final class ForwardHandler extends ChannelInboundHandlerAdapter {

    private final SocketChannel peer;

    /** @param peer receives the bytes; it has a handler of the same kind */
    ForwardHandler(SocketChannel peer) {
        this.peer = peer;
    }

    /** Makes both sides read. */
    void startReading(SocketChannel self) {
        self.config().setAutoRead(true);
        peer.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!peer.isActive()) {
            ReferenceCountUtil.release(message);
            return;
        }
        peer.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        peer.flush();
        context.channel().config().setAutoRead(peer.isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        peer.config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && peer.isActive()) {
            SocketChannel self = (SocketChannel) context.channel();
            // The empty write completes after all earlier writes.
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(written -> peer.shutdownOutput().addListener(shut -> {
                        if (self.isOutputShutdown() && peer.isOutputShutdown()) {
                            self.close();
                            peer.close();
                        }
                    }));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reset(peer);
        reset(context.channel());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // With half-closure, only an error or the end of both directions closes a channel.
        if (peer.isActive() && !peer.isOutputShutdown()) {
            reset(peer);
        }
    }

    /** Closes with RST. Unsent bytes are lost, as if the connection had been reset directly. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }
}
