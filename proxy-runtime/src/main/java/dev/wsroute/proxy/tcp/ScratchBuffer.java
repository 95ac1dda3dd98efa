// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A buffer per thread for bytes that are processed as soon as they are read or written, such as the head of a handshake.
 * It is reused once it is released. If a caller keeps it, the next caller gets another one.
 */
public final class ScratchBuffer {

    /** In bytes. Most heads of requests and responses fit. */
    public static final int CAPACITY = 2048;

    private final FastThreadLocal<ByteBuf> last = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return Unpooled.EMPTY_BUFFER;
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    /** Returns an empty direct buffer of {@link #CAPACITY} that may grow. The caller must release it. */
    public ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf buffer = last.get();
        if (buffer.refCnt() > 1 || buffer.capacity() != CAPACITY) {
            buffer.release();
            // In case there is no memory for another one.
            last.set(Unpooled.EMPTY_BUFFER);
            buffer = allocator.directBuffer(CAPACITY);
            last.set(buffer);
        }
        return buffer.clear().retain();
    }
}
