package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One end of a tunnel: the only handler of its channel. */
final class Side extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Side.class);

    private final Tunnel tunnel;
    private final Channel channel;
    private final boolean backend;
    private final StallWatch stallWatch;
    private boolean dirty;
    private boolean inputEnded;
    private boolean failed;
    private boolean outputEnding;
    private boolean outputEnded;
    private boolean resetting;
    private long writes;
    private long pausedSince;

    /** @param writeStall how long this end may take no byte while some wait for it */
    Side(Tunnel tunnel, Channel channel, boolean backend, Duration writeStall) {
        this.tunnel = tunnel;
        this.channel = channel;
        this.backend = backend;
        this.stallWatch = new StallWatch(this, writeStall, () -> tunnel.stalled(this));
    }

    Channel channel() {
        return channel;
    }

    boolean isBackend() {
        return backend;
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean inputEnded() {
        return inputEnded;
    }

    /** Queues; {@link #flush} sends. */
    void write(ByteBuf buffer) {
        if (outputEnding) {
            buffer.release();
            return;
        }
        writes++;
        dirty = true;
        channel.write(buffer, channel.voidPromise());
    }

    void writeClose(CloseReason reason) {
        write(OwnFrames.close(channel.alloc(), reason, backend));
        flush();
    }

    /** Queues a Ping towards a client. */
    void writePing(long payload) {
        write(OwnFrames.ping(channel.alloc(), payload));
    }

    void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
            if (hasBacklog()) {
                stallWatch.watch();
            }
        }
    }

    /** Ends the output once all is sent; then the other end sees EOF. */
    void endOutput() {
        if (outputEnding) {
            return;
        }
        outputEnding = true;
        dirty = false;
        writes++;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            outputEnded = true;
            if (inputEnded || !sent.isSuccess()) {
                channel.close();
            } else {
                ((DuplexChannel) channel).shutdownOutput();
            }
            tunnel.outputEnded();
        });
        if (hasBacklog()) {
            stallWatch.watch();
        }
    }

    /** Sends what is queued, as far as the other end takes it at once, and closes such that it sees a reset. */
    void reset() {
        if (!resetting && channel.isOpen()) {
            resetting = true;
            outputEnding = true;
            channel.flush();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    void readMore(boolean more) {
        notePause(!more);
        channel.config().setAutoRead(more);
    }

    boolean isReading() {
        return channel.config().isAutoRead();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** Bytes wait for this end to take them. */
    boolean hasBacklog() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > 0;
    }

    /** Whether it takes nothing still, now that its turn has come. */
    boolean stillStalled() {
        return stallWatch.stillStalled();
    }

    /** Grows with every byte that this end takes while some wait. */
    long taken() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : ((writes - buffer.size()) << 32) + buffer.currentProgress();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        tunnel.read(this, (ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        tunnel.readComplete(this);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        tunnel.writabilityChanged(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended();
        }
    }

    private void notePause(boolean pause) {
        if (pause == (pausedSince != 0)) {
            return;
        }
        long now = System.nanoTime();
        Direction direction = backend ? Direction.BACKEND_TO_CLIENT : Direction.CLIENT_TO_BACKEND;
        if (pause) {
            pausedSince = now == 0 ? 1 : now;
            tunnel.meter().readingPaused(direction);
        } else {
            tunnel.meter().readingResumed(direction, now - pausedSince);
            pausedSince = 0;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        notePause(false);
        stallWatch.cancel();
        ended();
        tunnel.closed();
    }

    private void ended() {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        tunnel.inputEnded(this, failed);
        if (outputEnded) {
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            failed = true;
            tunnel.outputFailed(this);
            return;
        }
        LOG.warn("A tunnel is reset for an error of the proxy's own", cause);
        failed = true;
        reset();
    }
}
