// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;

/** The read buffer of all sockets of one event loop. Bytes are forwarded before the next read. */
public final class LoopBuffer {

    /** Free bytes before the input, where the first part of a split frame header is copied. */
    public static final int HEADROOM = 16;

    private static final int READ = 64 * 1024;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(HEADROOM + READ);
    private final ByteBuf buffer = Unpooled.wrappedBuffer(memory);
    private final long address = Buffer.memoryAddress(memory);

    public ByteBuf buffer() {
        return buffer;
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
