// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Eviction;
import dev.wsroute.proxy.tcp.GatheringOutput;
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
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A wire on a Netty channel of any transport. It is the last handler in the channel's pipeline, and the only one but for TLS. */
final class ChannelWire extends ChannelInboundHandlerAdapter implements Wire {

    private final Channel channel;
    private final TunnelPeer peer;
    private final WireEvents events;
    private final int maxBufferedBytes;
    private final GatheringOutput gathering;
    private final @Nullable SslHandler tls;
    /** What TLS writes; null without it. */
    private final @Nullable WriteCounter encrypted;
    /** Its unread bytes are delivered first. Until then the channel does not read. */
    private final Handover handedOver;

    private WireOutput output = WireOutput.OPEN;
    private boolean reading;
    private boolean inputEnded;
    /** The input has ended, and some of it is not delivered yet. */
    private boolean endHeld;

    private boolean failed;
    private boolean dirty;
    /** Number of empty messages written to mark the end of the output: 0 or 1. */
    private int endWrites;

    /**
     * @param handedOver its unread bytes are delivered first
     * @param maxBufferedBytes limit of queued bytes above which the wire is not writable
     */
    ChannelWire(Handover handedOver, TunnelPeer peer, WireEvents events, int maxBufferedBytes) {
        this.handedOver = handedOver;
        this.channel = handedOver.channel();
        this.peer = peer;
        this.events = events;
        this.maxBufferedBytes = maxBufferedBytes;
        this.gathering = new GatheringOutput(channel, bytes -> bytes);
        this.tls = channel.pipeline().get(SslHandler.class);
        this.encrypted = tls == null ? null : new WriteCounter();
    }

    @Override
    public void open() {
        channel.config().setAutoRead(false);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(maxBufferedBytes / 2, maxBufferedBytes));
        if (peer == TunnelPeer.BACKEND) {
            // After a failed write, the last bytes of the backend must still be read.
            channel.config().setAutoClose(false);
        }
        if (encrypted != null) {
            channel.pipeline().addFirst(encrypted);
        }
        channel.pipeline().addLast(this);
    }

    @Override
    public void pass(ByteBuf buffer, int start, int end) {
        write(buffer.retainedSlice(start, end - start));
    }

    @Override
    public void lastFollows() {
        // Java's NIO does not offer TCP_CORK.
    }

    @Override
    public void write(ByteBuf bytes) {
        if (output != WireOutput.OPEN) {
            bytes.release();
            return;
        }
        dirty = true;
        gathering.write(bytes, bytes);
    }

    @Override
    public void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    @Override
    public void endOutput(boolean peerDone) {
        // peerDone is ignored: a channel does not show whether all input was read.
        if (output == WireOutput.OPEN) {
            output = WireOutput.ENDING;
            dirty = false;
            gathering.writeGathered();
            end().addListener(sent -> outputSent(sent.isSuccess()));
        }
    }

    private ChannelFuture end() {
        endWrites++;
        if (tls == null || !channel.isActive()) {
            return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
        // It encrypts nothing once close_notify is due.
        channel.flush();
        return tls.closeOutbound();
    }

    private void outputSent(boolean success) {
        try {
            output = WireOutput.ENDED;
            if (success && !inputEnded) {
                ((DuplexChannel) channel).shutdownOutput();
            } else {
                closeNow();
            }
            events.outputEnded();
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    @Override
    public void reset() {
        handedOver.release();
        if (channel.isOpen()) {
            output = WireOutput.ENDED;
            try {
                gathering.writeGathered();
                channel.flush();
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            } finally {
                closeNow();
            }
        }
    }

    /** Without TLS, which would wait until close_notify is sent. */
    private void closeNow() {
        channel.unsafe().close(channel.voidPromise());
    }

    @Override
    public void readMore(boolean more) {
        if (more == reading) {
            return;
        }
        reading = more;
        if (handedOver.unread() == null) {
            channel.config().setAutoRead(more);
        } else if (more) {
            channel.eventLoop().execute(this::readUnread);
        }
    }

    private void readUnread() {
        ByteBuf first = reading ? handedOver.take() : null;
        if (first == null) {
            return;
        }
        try {
            read(first);
            channel.config().setAutoRead(reading);
            events.receivedAll();
            if (endHeld) {
                endInput();
            }
        } catch (Throwable e) {
            events.threw(e);
        }
    }

    @Override
    public void readLess() {
        // The channel decides how much it reads: at most as much as the socket offers, or 64 KiB.
    }

    @Override
    public void holdBack(ByteBuf buffer, int start, int end) {
        handedOver.holdBack(buffer, start, end, Account.of(channel));
        channel.config().setAutoRead(false);
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
    public boolean inputEnded() {
        return inputEnded;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean hasBacklog() {
        return backlogBytes() > 0;
    }

    @Override
    public long backlogBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() + gathering.gatheredBytes();
    }

    @Override
    public long progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return 0;
        }
        long writes = encrypted == null ? gathering.writes() + endWrites : encrypted.writes();
        return ((writes - buffer.size()) << 32) + buffer.currentProgress();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf unread = handedOver.take();
        if (unread == null) {
            read(bytes);
        } else {
            // TLS decrypts all that it has been given.
            handedOver.hold(Unpooled.wrappedBuffer(unread, bytes));
        }
    }

    private void read(ByteBuf buffer) {
        try {
            events.received(buffer, 0);
        } finally {
            buffer.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        events.receivedAll();
        endWithTls();
    }

    /**
     * The peer's close_notify ends the input. The handler's event is not enough: after our own close_notify, it comes with
     * the next record, whatever that is, and only once.
     */
    private void endWithTls() {
        if (tls != null && !inputEnded && tls.engine().isInboundDone()) {
            endInput();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        events.writabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Eviction.EVENT) {
            events.evicted();
        }
        if (event instanceof ChannelInputShutdownEvent) {
            endInput();
        } else if (event instanceof SslCloseCompletionEvent) {
            endWithTls();
        }
    }

    private void endInput() {
        endHeld = handedOver.unread() != null;
        if (!inputEnded && !endHeld) {
            inputEnded = true;
            events.inputEnded(failed);
            if (output == WireOutput.ENDED) {
                closeNow();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handedOver.release();
        try {
            endInput();
        } catch (Throwable e) {
            events.threw(e);
        }
        events.closed();
    }

    /** Receives everything that a handler throws, including errors. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed = true;
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            events.outputFailed();
        } else {
            events.threw(cause);
        }
    }
}
