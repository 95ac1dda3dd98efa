package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A wire that leaves the work to a channel, whose only handler it is: on any transport. */
final class ChannelWire extends ChannelInboundHandlerAdapter implements Wire {

    private final Side side;
    private final Channel channel;
    /** What was queued since the channel is about to be left; null before. */
    private @Nullable ArrayDeque<ByteBuf> leaving;

    private boolean failed;
    private boolean ending;
    private boolean dirty;
    private long writes;

    ChannelWire(Side side, Channel channel) {
        this.side = side;
        this.channel = channel;
    }

    /** Reading from the peer of a slow reader stops when {@code most} bytes wait for it, and goes on at half of them. */
    void limitBacklog(int most) {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(most / 2, most));
        if (side.isBackend()) {
            // A backend that has sent its last words and closed refuses further bytes; the words are to be read yet.
            channel.config().setAutoClose(false);
        }
    }

    /** Nothing but reading and writing has happened yet, and nothing waits. */
    boolean mayLeave() {
        return leaving == null && !ending && channel.isActive() && !hasBacklog();
    }

    /**
     * Takes the channel off its event loop; what is queued meanwhile is for {@link #takeQueued}.
     *
     * @return done when the event loop watches the socket no more
     */
    ChannelFuture leave() {
        leaving = new ArrayDeque<>(2);
        return channel.deregister();
    }

    /** What was queued while the channel was being left; the caller's. */
    ArrayDeque<ByteBuf> takeQueued() {
        ArrayDeque<ByteBuf> queued = leaving == null ? new ArrayDeque<>(1) : leaving;
        leaving = null;
        return queued;
    }

    /** The end of the output was asked for. */
    boolean isEnding() {
        return ending;
    }

    @Override
    public void pass(ByteBuf buffer, int start, int end) {
        if (leaving == null) {
            write(buffer.retainedSlice(start, end - start));
        } else {
            ByteBuf copy = channel.alloc().directBuffer(end - start);
            leaving.add(copy.writeBytes(buffer, start, end - start));
        }
    }

    @Override
    public void write(ByteBuf frame) {
        if (leaving == null) {
            writes++;
            dirty = true;
            channel.write(frame, channel.voidPromise());
        } else {
            leaving.add(frame);
        }
    }

    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    @Override
    public void endOutput() {
        ending = true;
        if (leaving != null) {
            return;
        }
        dirty = false;
        writes++;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (sent.isSuccess() && !side.inputEnded()) {
                shutdownOutput();
            } else {
                channel.close();
            }
            side.outputEnded();
        });
    }

    private void shutdownOutput() {
        if (channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            try {
                // The channel's own way makes an exception with its stack, for writes that there are none of.
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException e) {
                // It was reset meanwhile.
                channel.close();
            }
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
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
        channel.config().setAutoRead(more);
    }

    @Override
    public boolean isReading() {
        return channel.config().isAutoRead();
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
        ByteBuf buffer = (ByteBuf) message;
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
        takeQueued().forEach(ByteBuf::release);
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
