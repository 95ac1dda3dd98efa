// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.EvictingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes pieces to a channel so that bytes waiting there take little more memory than their number. A piece keeps the
 * whole buffer that it was read into, and costs objects of its own: a thousand pieces of one byte each could keep a
 * thousand buffers, while watermark and budget count a thousand bytes. So small pieces that have to wait, and those of
 * buffers that are nearly empty, are copied into buffers of one size. All is called on the event loop.
 */
public final class GatheringOutput {

    /** Of a buffer of copies, in bytes. */
    private static final int CAPACITY = 8 * 1024;

    /** A piece of fewer bytes costs more than its bytes. */
    private static final int SMALL = 1024;

    /** While less waits, small pieces are written as they are: as a rule the socket takes them at once. */
    private static final int WAITING = 1024;

    private static final AttributeKey<EvictingBudget> BUDGET = AttributeKey.valueOf(GatheringOutput.class, "budget");

    private final Channel channel;
    private final Function<ByteBuf, Object> message;
    private @Nullable Account account;
    private @Nullable ByteBuf gathered;
    private boolean marked;
    private long writes;

    /** @param message what is written to the channel for a buffer of copies */
    public GatheringOutput(Channel channel, Function<ByteBuf, Object> message) {
        this.channel = channel;
        this.message = message;
    }

    /** Sets the budget of a channel that is not a {@link TcpChannel}; those have {@link SocketWriter#reserveOf}. */
    public static void reserveOf(Channel channel, EvictingBudget budget) {
        channel.attr(BUDGET).set(budget);
    }

    /**
     * Writes a piece, to be flushed.
     *
     * @param piece its bytes
     * @param whole the piece as a message for the channel; it is released
     */
    public void write(ByteBuf piece, Object whole) {
        if (mustCopy(piece)) {
            try {
                copy(piece);
            } finally {
                piece.release();
            }
        } else {
            handOn();
            put(whole);
        }
    }

    /** A piece for who writes it on his own: a copy of its size where it would keep much more. */
    public ByteBuf compact(ByteBuf piece) {
        if (!piece.isReadable() || !mustCopy(piece)) {
            return piece;
        }
        try {
            int length = piece.readableBytes();
            return channel.alloc().directBuffer(length, length).writeBytes(piece, piece.readerIndex(), length);
        } finally {
            piece.release();
        }
    }

    /** Puts all that was gathered into the channel, so that something else can be written behind it. */
    public void handOn() {
        ByteBuf last = gathered;
        if (last != null) {
            gathered = null;
            put(message.apply(last));
            // From now on the channel counts it.
            hold(0);
        }
    }

    /** Drops what was gathered. */
    public void release() {
        ByteBuf last = gathered;
        if (last != null) {
            gathered = null;
            last.release();
            hold(0);
        }
    }

    /** How many bytes wait outside of the channel. */
    public int gatheredBytes() {
        return gathered == null ? 0 : gathered.readableBytes();
    }

    /** How many messages were written to the channel. */
    public long writes() {
        return writes;
    }

    /** Writes something to the channel, behind what was gathered. */
    public void put(Object next) {
        writes++;
        channel.write(next, channel.voidPromise());
    }

    private boolean mustCopy(ByteBuf piece) {
        int length = piece.readableBytes();
        int kept = keptBy(piece);
        if (kept > ScratchBuffer.CAPACITY && kept > 4 * length) {
            return true;
        }
        return (gathered != null || waiting() >= WAITING) && (length < SMALL || kept > 2 * length);
    }

    private static int keptBy(ByteBuf piece) {
        ByteBuf buffer = piece;
        for (ByteBuf inner = buffer.unwrap(); inner != null; inner = buffer.unwrap()) {
            buffer = inner;
        }
        return buffer.capacity();
    }

    private long waiting() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    private void copy(ByteBuf piece) {
        int index = piece.readerIndex();
        while (index < piece.writerIndex()) {
            ByteBuf into = gathered;
            if (into == null) {
                if (!hold(CAPACITY)) {
                    // Others are being given up too slowly.
                    Containment.execute(channel, () -> Containment.reset(channel));
                    return;
                }
                mark();
                into = channel.alloc().directBuffer(CAPACITY, CAPACITY);
                gathered = into;
            }
            int length = Math.min(piece.writerIndex() - index, into.writableBytes());
            into.writeBytes(piece, index, length);
            index += length;
            if (!into.isWritable()) {
                handOn();
            }
        }
    }

    /** Writes an empty message behind all that waits; its promise shows when the socket has taken the rest. */
    private void mark() {
        if (!marked) {
            marked = true;
            writes++;
            Containment.whenDone(channel.write(Unpooled.EMPTY_BUFFER), channel, taken -> {
                marked = false;
                if (taken.isSuccess()) {
                    handOn();
                    channel.flush();
                } else {
                    release();
                }
            });
        }
    }

    private boolean hold(int bytes) {
        if (account == null && bytes > 0) {
            account = openAccount();
        }
        return account == null || account.hold(bytes);
    }

    private @Nullable Account openAccount() {
        if (channel instanceof TcpChannel tcp) {
            return tcp.writer().openAccount(Account.of(channel));
        }
        EvictingBudget budget = channel.attr(BUDGET).get();
        return budget == null ? null : budget.open(Account.of(channel));
    }
}
