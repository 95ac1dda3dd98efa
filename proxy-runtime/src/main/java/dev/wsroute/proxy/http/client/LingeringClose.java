package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;

/**
 * The end of a client's connection: output ends once all is written, input is dropped until the client ends it. Closing
 * at once would make the kernel answer unread bytes with a reset, which can take the response from the client.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {

    /** How long a slow client may take for what is still to be written to it. */
    private static final Duration WRITING = Duration.ofMinutes(5);

    private final Deadline deadline;

    private LingeringClose(Channel channel) {
        this.deadline = new Deadline(channel);
    }

    /** Takes the place of {@code handler}; a decoder before it is to be removed next. */
    static void replace(ClientHandler handler, Channel channel, Duration timeout) {
        LingeringClose closing = new LingeringClose(channel);
        channel.pipeline().replace(handler, "linger", closing);
        closing.deadline.arm(WRITING, channel::close);
        channel.config().setAutoRead(true);
        Containment.whenDone(channel.writeAndFlush(channel.alloc().buffer(0, 0)), channel, written -> {
            if (channel.isOpen()) {
                closing.deadline.arm(timeout, channel::close);
                TcpChannel.endOutput(channel);
            }
        });
    }

    /** Closes such that the peer sees a reset. */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            Containment.failed(ctx.channel(), FailurePoint.HANDLER, cause);
        }
        // Nothing is left to be said to this client, so it does not matter how its connection ends.
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
    }
}
