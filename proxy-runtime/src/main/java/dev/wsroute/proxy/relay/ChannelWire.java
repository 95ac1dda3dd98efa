package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.tcp.TcpChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A wire that leaves the work to a channel, whose only handler it is: on any transport. */
final class ChannelWire extends ChannelInboundHandlerAdapter implements Wire {

    private final Side side;
    private final Channel channel;
    /** What was read before this began: comes first. While it is there, the channel does not read. */
    private @Nullable ByteBuf unread;

    private boolean reading;
    private boolean failed;
    private boolean dirty;
    private long writes;

    /**
     * Becomes the channel's only handler.
     *
     * @param most as soon as more bytes wait for the other end, it is not writable
     */
    ChannelWire(Side side, Handover from, int most) {
        this.side = side;
        this.channel = from.channel();
        if (from.unread().isReadable()) {
            this.unread = from.unread();
        } else {
            from.unread().release();
        }
        channel.config().setAutoRead(false);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(most / 2, most));
        if (side.isBackend()) {
            // A backend that has sent its last words and closed refuses further bytes; the words are to be read yet.
            channel.config().setAutoClose(false);
        }
        channel.pipeline().addLast(this);
    }

    @Override
    public void pass(ByteBuf buffer, int start, int end) {
        write(buffer.retainedSlice(start, end - start));
    }

    @Override
    public void lastFollows() {
        // Not every transport's sockets can wait.
    }

    @Override
    public void write(ByteBuf frame) {
        writes++;
        dirty = true;
        channel.write(frame, channel.voidPromise());
    }

    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    @Override
    public void lastHeard() {
        // Of a channel it can't be told whether all that came was read.
    }

    @Override
    public void endOutput() {
        dirty = false;
        writes++;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (sent.isSuccess() && !side.inputEnded()) {
                TcpChannel.endOutput(channel);
            } else {
                channel.close();
            }
            side.outputEnded();
        });
    }

    @Override
    public void close() {
        channel.close();
    }

    @Override
    public void reset() {
        channel.flush();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void readMore(boolean more) {
        reading = more;
        if (unread == null) {
            channel.config().setAutoRead(more);
        } else if (more) {
            channel.eventLoop().execute(this::readUnread);
        }
    }

    private void readUnread() {
        ByteBuf first = unread;
        if (reading && first != null) {
            unread = null;
            channel.config().setAutoRead(true);
            channelRead(first);
            side.receivedAll();
        }
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean hasBacklog() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > 0;
    }

    @Override
    public long taken() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : ((writes - buffer.size()) << 32) + buffer.currentProgress();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        channelRead((ByteBuf) message);
    }

    private void channelRead(ByteBuf buffer) {
        try {
            side.received(buffer, 0);
        } finally {
            buffer.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        side.receivedAll();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        side.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            side.inputEnded(failed);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (unread != null) {
            unread.release();
            unread = null;
        }
        side.closed(failed);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed = true;
        if (cause instanceof IOException) {
            side.outputFailed();
        } else {
            side.ownError(cause);
        }
    }
}
