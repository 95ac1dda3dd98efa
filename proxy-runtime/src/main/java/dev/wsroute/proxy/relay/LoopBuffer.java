package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;

/** What all sockets of one event loop are read into, one after another: the bytes are passed on before the next read. */
public final class LoopBuffer {

    /** Before what is read there is room for the part of a frame's header that came with the read before. */
    public static final int HEADROOM = 16;

    private static final int READ = 64 * 1024;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(HEADROOM + READ);
    private final ByteBuf buffer = Unpooled.wrappedBuffer(memory);
    private final long address = Buffer.memoryAddress(memory);

    public ByteBuf buffer() {
        return buffer;
    }

    /** Whether it is this buffer itself, of whichever content. */
    @SuppressWarnings("ReferenceEquality")
    boolean holds(ByteBuf bytes) {
        return bytes == buffer;
    }

    /** Of its first byte. */
    long address() {
        return address;
    }
}
