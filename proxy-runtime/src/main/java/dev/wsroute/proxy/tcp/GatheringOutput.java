// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.memory.EvictingBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes pieces to a channel so that queued pieces need little more memory than their bytes. A piece keeps the whole
 * buffer that it was read into, and some objects of its own: a thousand pieces of one byte each could keep a thousand
 * buffers, while the watermark and the memory budget count a thousand bytes. So pieces are copied into buffers of one size
 * if they are small and cannot be sent at once, or if they use little of their buffer. All methods must be called on the
 * event loop.
 */
public final class GatheringOutput {

    /** Size of a buffer of copies, in bytes. */
    private static final int CAPACITY = 8 * 1024;

    /** In bytes. A smaller piece costs much more memory than its bytes. */
    private static final int SMALL = 1024;

    /** In bytes. While less is queued, small pieces are not copied: the socket usually accepts them at once. */
    private static final int WAITING = 1024;

    private static final AttributeKey<EvictingBudget> BUDGET = AttributeKey.valueOf(GatheringOutput.class, "budget");

    private final Channel channel;
    private final Function<ByteBuf, Object> message;
    private @Nullable Account account;
    private @Nullable ByteBuf gathered;
    private boolean marked;
    private long writes;

    /** @param message turns a buffer of copies into a message for the channel */
    public GatheringOutput(Channel channel, Function<ByteBuf, Object> message) {
        this.channel = channel;
        this.message = message;
    }

    /** Sets the budget of a channel that is not a {@link TcpChannel}; those have {@link SocketWriter#setBudget}. */
    public static void setBudget(Channel channel, EvictingBudget budget) {
        channel.attr(BUDGET).set(budget);
    }

    /**
     * Writes a piece. The caller must flush the channel.
     *
     * @param piece its bytes; released
     * @param whole the piece as a message for the channel; released with it
     */
    public void write(ByteBuf piece, Object whole) {
        if (mustCopy(piece)) {
            try {
                copy(piece);
            } finally {
                piece.release();
            }
        } else {
            writeGathered();
            put(whole);
        }
    }

    /** Returns the piece, or a copy of the same size if the piece would keep much more memory than that. */
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

    /** Writes the gathered bytes to the channel, so that something else can be written after them. */
    public void writeGathered() {
        ByteBuf last = gathered;
        if (last != null) {
            gathered = null;
            put(message.apply(last));
            // From now on the channel accounts for these bytes.
            hold(0);
        }
    }

    /** Drops the gathered bytes. */
    public void release() {
        ByteBuf last = gathered;
        if (last != null) {
            gathered = null;
            last.release();
            hold(0);
        }
    }

    /** Number of gathered bytes, which are not in the channel yet. */
    public int gatheredBytes() {
        return gathered == null ? 0 : gathered.readableBytes();
    }

    /** Number of messages written to the channel. */
    public long writes() {
        return writes;
    }

    /** Writes a message to the channel. Does not write the gathered bytes first. */
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
                    // Evictions of others did not free enough in time.
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
                writeGathered();
            }
        }
    }

    /** Writes an empty message after those queued. Its promise shows when the socket has accepted them. */
    private void mark() {
        if (!marked) {
            marked = true;
            writes++;
            Containment.whenDone(channel.write(Unpooled.EMPTY_BUFFER), channel, taken -> {
                marked = false;
                if (taken.isSuccess()) {
                    writeGathered();
                    channel.flush();
                } else {
                    release();
                }
            });
        }
    }

    private boolean hold(int bytes) {
        if (account == null && bytes > 0) {
            account = openAccount(channel, Account.of(channel));
        }
        return account == null || account.hold(bytes);
    }

    /** Opens an account for bytes of a channel of either kind; null if there is no budget. */
    public static @Nullable Account openAccount(Channel channel, Evictable holder) {
        if (channel instanceof TcpChannel tcp) {
            return tcp.writer().openAccount(holder);
        }
        EvictingBudget budget = channel.attr(BUDGET).get();
        return budget == null ? null : budget.open(holder);
    }
}
