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
 * Sends a tunnel's bytes to a socket, and keeps copies of those that it does not take. Callers bound it: they check
 * {@link #isWritable} before they read more.
 */
final class WriteQueue {

    /** One size, so that the allocator can reuse chunks. In bytes. */
    private static final int CHUNK = 16 * 1024;

    private final SocketWriter writer;
    private final ByteBufAllocator allocator;
    private final LoopBuffer buffer;
    private final int most;
    private final Evictable holder;
    /** Most connections never have bytes that wait. */
    private @Nullable ArrayDeque<ByteBuf> waiting;

    private long bytes;
    private long sent;
    private boolean writable = true;
    /** Some bytes were not kept, so nothing may be sent any more. */
    private boolean overflowed;

    /**
     * @param most bytes; as soon as more wait, no more may be queued until half of them are sent
     * @param holder is evicted when others need the memory of the waiting bytes
     */
    WriteQueue(SocketWriter writer, ByteBufAllocator allocator, LoopBuffer buffer, int most, Evictable holder) {
        this.writer = writer;
        this.allocator = allocator;
        this.buffer = buffer;
        this.most = most;
        this.holder = holder;
    }

    /** Sends a part of {@code from}, and keeps a copy of the rest. */
    void write(ByteBuf from, int start, int end) throws IOException {
        int index = start;
        if (isEmpty()) {
            int taken = buffer.holds(from) ? writer.send(buffer.address(), start, end) : writer.send(from, start, end);
            sent += taken;
            index += taken;
        }
        if (index < end) {
            keep(from, index, end);
        }
    }

    /** Keeps what waited in the channel, and releases it. */
    void keep(ByteBuf unsent) {
        try {
            if (unsent.isReadable()) {
                keep(unsent, unsent.readerIndex(), unsent.writerIndex());
            }
        } finally {
            unsent.release();
        }
    }

    private void keep(ByteBuf from, int start, int end) {
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
        ArrayDeque<ByteBuf> chunks = waiting;
        if (chunks == null) {
            chunks = new ArrayDeque<>(1);
            waiting = chunks;
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

    /** Sends what waits, as far as the socket takes it. */
    void sendWaiting() throws IOException {
        ArrayDeque<ByteBuf> chunks = waiting;
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

    /** Drops what waits. */
    void drop() {
        if (waiting != null) {
            waiting.forEach(ByteBuf::release);
            waiting = null;
            bytes = 0;
            overflowed = false;
            followBytes();
            writer.release();
        }
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return waiting == null;
    }

    /** How many bytes wait. */
    long bytes() {
        return bytes;
    }

    /** So little waits that more may be queued. */
    boolean isWritable() {
        return writable;
    }

    /** Bytes that the socket has taken. */
    long sent() {
        return sent;
    }
}
