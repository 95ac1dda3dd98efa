// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * A buffer for each thread, for one purpose: what is done with as soon as it was read or written, as heads of handshakes
 * are. It is reused as soon as it is released; if somebody keeps it, the next caller gets another one.
 */
public final class ScratchBuffer {

    /** In bytes. Heads of requests and responses fit as a rule. */
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

    /** An empty direct buffer of {@link #CAPACITY} that may grow, to be released as any other. */
    public ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf buffer = last.get();
        if (buffer.refCnt() > 1 || buffer.capacity() != CAPACITY) {
            buffer.release();
            // Should there be no memory for another.
            last.set(Unpooled.EMPTY_BUFFER);
            buffer = allocator.directBuffer(CAPACITY);
            last.set(buffer);
        }
        return buffer.clear().retain();
    }
}
