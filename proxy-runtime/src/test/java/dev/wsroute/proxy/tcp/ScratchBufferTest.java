// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.junit.jupiter.api.Test;

class ScratchBufferTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final ScratchBuffer scratch = new ScratchBuffer();

    @Test
    void aReleasedBufferIsReusedEmpty() throws Exception {
        onNewThread(() -> {
            ByteBuf first = scratch.take(allocator);
            first.writeLong(1).release();

            ByteBuf second = scratch.take(allocator);

            assertThat(second).isSameAs(first);
            assertThat(second.isReadable()).isFalse();
            assertThat(second.writableBytes()).isEqualTo(ScratchBuffer.CAPACITY);
            second.release();
        });
    }

    @Test
    void aRetainedBufferIsNotReused() throws Exception {
        onNewThread(() -> {
            ByteBuf kept = scratch.take(allocator).writeLong(1);
            ByteBuf slice = kept.readRetainedSlice(4);
            kept.release();

            ByteBuf other = scratch.take(allocator).writeLong(2);

            assertThat(slice.getInt(0)).isZero();
            assertThat(slice.refCnt()).isPositive();
            assertThat(other.getLong(0)).isEqualTo(2);
            slice.release();
            assertThat(kept.refCnt()).isZero();
            other.release();
        });
    }

    @Test
    void aBufferThatHasGrownIsNotReused() throws Exception {
        onNewThread(() -> {
            ByteBuf grown = scratch.take(allocator).writeZero(ScratchBuffer.CAPACITY + 1);
            grown.release();

            ByteBuf next = scratch.take(allocator);

            assertThat(grown.refCnt()).isZero();
            assertThat(next.capacity()).isEqualTo(ScratchBuffer.CAPACITY);
            next.release();
        });
    }

    /** The buffer is released when the thread ends. */
    private void onNewThread(Runnable test) throws Exception {
        Throwable[] failure = new Throwable[1];
        Thread thread = new FastThreadLocalThread(test);
        thread.setUncaughtExceptionHandler((failed, cause) -> failure[0] = cause);
        thread.start();
        thread.join();

        assertThat(failure[0]).isNull();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
