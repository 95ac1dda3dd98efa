// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.tcp.SocketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Sends a tunnel's bytes to a socket, and queues copies of those that it does not accept. The caller must bound the queue:
 * it stops reading while {@link #isWritable} is false.
 */
final class WriteQueue implements WireEncoder {

    /** One size, so that the allocator can reuse chunks. In bytes. */
    private static final int CHUNK = 16 * 1024;

    private final SocketWriter writer;
    private final ByteBufAllocator allocator;
    private final LoopBuffer buffer;
    private final int most;
    private final Evictable holder;
    /** Null while nothing is queued, as in most connections. */
    private @Nullable ArrayDeque<ByteBuf> queued;

    private long bytes;
    private long sent;
    private boolean writable = true;
    /** Some bytes could not be queued and are lost, so nothing may be sent after them. */
    private boolean overflowed;

    /**
     * @param most limit of queued bytes. Above it the queue is not writable until it has shrunk to half of it.
     * @param holder is evicted when others need the memory of the queued bytes
     */
    WriteQueue(SocketWriter writer, ByteBufAllocator allocator, LoopBuffer buffer, int most, Evictable holder) {
        this.writer = writer;
        this.allocator = allocator;
        this.buffer = buffer;
        this.most = most;
        this.holder = holder;
    }

    /** Sends a part of {@code from}, as far as the socket accepts it, and queues a copy of the rest. */
    @Override
    public void write(ByteBuf from, int start, int end) throws IOException {
        int index = start;
        if (isEmpty()) {
            int taken = buffer.holds(from) ? writer.send(buffer.address(), start, end) : writer.send(from, start, end);
            sent += taken;
            index += taken;
        }
        if (index < end) {
            add(from, index, end);
        }
    }

    /** Queues a copy of a part of {@code from} without sending. {@link #sendHeld} must follow. */
    void hold(ByteBuf from, int start, int end) {
        if (!append(from, start, end)) {
            holder.evict();
        }
    }

    /** Sends what was queued by {@link #hold}, as far as the socket accepts it. */
    void sendHeld() throws IOException {
        sendQueued();
        if (!isEmpty()) {
            writer.block();
        }
    }

    /** Queues a copy of bytes that the channel had not sent, and releases the buffer. */
    void addUnsent(ByteBuf unsent) {
        try {
            if (unsent.isReadable()) {
                add(unsent, unsent.readerIndex(), unsent.writerIndex());
            }
        } finally {
            unsent.release();
        }
    }

    private void add(ByteBuf from, int start, int end) {
        if (append(from, start, end)) {
            writer.block();
        } else {
            // Evictions of others did not free enough in time.
            holder.evict();
        }
    }

    /** Returns false if the budget has no room for all of it. */
    private boolean append(ByteBuf from, int start, int end) {
        if (overflowed) {
            return false;
        }
        ArrayDeque<ByteBuf> chunks = queued;
        if (chunks == null) {
            chunks = new ArrayDeque<>(1);
            queued = chunks;
        }
        int index = start;
        while (index < end) {
            ByteBuf last = chunks.peekLast();
            if (last == null || !last.isWritable()) {
                if (!writer.hold((chunks.size() + 1L) * CHUNK, holder)) {
                    overflowed = true;
                    return false;
                }
                last = allocator.directBuffer(CHUNK, CHUNK);
                chunks.add(last);
            }
            int length = Math.min(end - index, last.writableBytes());
            last.writeBytes(from, index, length);
            index += length;
        }
        bytes += end - start;
        followBytes();
        return true;
    }

    /** Sends queued bytes, as far as the socket accepts them. */
    void sendQueued() throws IOException {
        ArrayDeque<ByteBuf> chunks = queued;
        if (chunks == null || overflowed) {
            return;
        }
        long before = bytes;
        for (ByteBuf first = chunks.peek(); first != null; first = chunks.peek()) {
            int length = first.readableBytes();
            int taken = length == 0 ? 0 : writer.send(first, first.readerIndex(), first.writerIndex());
            bytes -= taken;
            if (taken < length) {
                first.skipBytes(taken);
                break;
            }
            chunks.remove();
            first.release();
        }
        sent += before - bytes;
        followBytes();
        if (chunks.isEmpty()) {
            drop();
        } else {
            writer.hold((long) chunks.size() * CHUNK, holder);
            if (bytes < before) {
                writer.progressed();
            }
        }
    }

    private void followBytes() {
        if (bytes > most) {
            writable = false;
        } else if (bytes <= most / 2) {
            writable = true;
        }
    }

    /** Drops all queued bytes. */
    void drop() {
        if (queued != null) {
            queued.forEach(ByteBuf::release);
            queued = null;
            bytes = 0;
            overflowed = false;
            followBytes();
            writer.release();
        }
    }

    /** Whether nothing is queued. */
    boolean isEmpty() {
        return queued == null;
    }

    /** Number of queued bytes. */
    long bytes() {
        return bytes;
    }

    /** Whether more bytes may be queued. */
    boolean isWritable() {
        return writable;
    }

    /** Number of bytes that the socket has accepted. */
    long sent() {
        return sent;
    }
}
