// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.Evictable;
import dev.wsroute.proxy.tcp.SocketWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Ciphertext that a TLS connection keeps, from the start of a record on, within the memory budget. Mostly none. */
final class UndecryptedBytes {

    private final SocketWriter writer;
    private final ByteBufAllocator allocator;
    private final Evictable holder;
    private @Nullable Account account;
    private @Nullable ByteBuf bytes;

    /** @param holder is evicted when others need the memory */
    UndecryptedBytes(SocketWriter writer, ByteBufAllocator allocator, Evictable holder) {
        this.writer = writer;
        this.allocator = allocator;
        this.holder = holder;
    }

    int length() {
        return bytes == null ? 0 : bytes.readableBytes();
    }

    /** Copies the first bytes to the start of a buffer, and keeps them. */
    void copyTo(ByteBuf into, int length) {
        if (bytes != null) {
            into.setBytes(0, bytes, bytes.readerIndex(), length);
        }
    }

    /** Keeps these bytes, and releases them. There must be none yet. */
    void take(ByteBuf records) {
        bytes = records;
        reserve(records.capacity());
    }

    /** Drops the first bytes. */
    void drop(int length) {
        ByteBuf kept = bytes;
        if (kept != null) {
            kept.skipBytes(length);
            if (!kept.isReadable()) {
                release();
            }
        }
    }

    /** Keeps a part of {@code from} instead. If it starts at 0, what was kept is its beginning. */
    void keep(ByteBuf from, int start, int end) {
        ByteBuf kept = bytes;
        int before = kept == null ? 0 : kept.readableBytes();
        // What was taken over from the channel may be a full buffer.
        if (start == 0 && kept != null && kept.maxWritableBytes() >= end - before) {
            kept.writeBytes(from, before, end - before);
        } else {
            if (kept != null) {
                kept.release();
            }
            int length = end - start;
            bytes = length == 0 ? null : allocator.directBuffer(length).writeBytes(from, start, length);
        }
        reserve(bytes == null ? 0 : bytes.capacity());
    }

    private void reserve(int length) {
        if (account == null && length > 0) {
            account = writer.openAccount(holder);
        }
        if (account != null && !account.hold(length)) {
            // Evictions of others did not free enough in time.
            holder.evict();
        }
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
        reserve(0);
    }
}
