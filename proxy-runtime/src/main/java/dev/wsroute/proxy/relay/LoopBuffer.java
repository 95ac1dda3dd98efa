// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The read buffer of all sockets of one event loop. Bytes are forwarded before the next read. */
public final class LoopBuffer {

    /** Free bytes before the input, where the first part of a split frame header is copied. */
    public static final int HEADROOM = 16;

    private static final int READ = 64 * 1024;

    /** A read's worth of bytes in TLS records, with room to spare for one more. */
    private static final int CIPHERTEXT = READ + 32 * 1024;

    private final ByteBuffer memory;
    private final ByteBuffer view;
    private final ByteBuf buffer;
    private final long address;
    /** Most loops need one, or none does. */
    private @Nullable LoopBuffer ciphertext;

    public LoopBuffer() {
        this(HEADROOM + READ);
    }

    private LoopBuffer(int capacity) {
        this.memory = ByteBuffer.allocateDirect(capacity);
        this.view = memory.duplicate();
        this.buffer = Unpooled.wrappedBuffer(memory);
        this.address = Buffer.memoryAddress(memory);
    }

    /** The loop's other buffer, for what TLS sockets receive and send. */
    LoopBuffer ciphertext() {
        LoopBuffer other = ciphertext;
        if (other == null) {
            other = new LoopBuffer(CIPHERTEXT);
            ciphertext = other;
        }
        return other;
    }

    public ByteBuf buffer() {
        return buffer;
    }

    /** In bytes. */
    int capacity() {
        return memory.capacity();
    }

    /** A part of it. Always the same object, so valid until the next call. */
    ByteBuffer view(int start, int end) {
        return view.limit(end).position(start);
    }

    /** Whether this is the same buffer, regardless of its content. */
    @SuppressWarnings("ReferenceEquality")
    boolean holds(ByteBuf bytes) {
        return bytes == buffer;
    }

    /** Memory address of the first byte. */
    long address() {
        return address;
    }
}
