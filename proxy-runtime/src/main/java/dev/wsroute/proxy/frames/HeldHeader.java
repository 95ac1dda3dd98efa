package dev.wsroute.proxy.frames;

import io.netty.buffer.ByteBuf;

/**
 * The beginning of a frame that the end of a buffer cut off, up to {@value #CAPACITY} bytes: kept until the rest has
 * come. A longer life than one header's; nothing is allocated by use.
 */
public final class HeldHeader {

    /** A whole header (RFC 6455 §5.2), and no less than a masked Pong of eight bytes. */
    public static final int CAPACITY = 14;

    // Big endian, the first byte at the top.
    private long high;
    private long low;
    private int length;

    int length() {
        return length;
    }

    void clear() {
        high = 0;
        low = 0;
        length = 0;
    }

    void append(int b) {
        if (length < 8) {
            high |= (b & 0xffL) << (56 - 8 * length);
        } else {
            low |= (b & 0xffL) << (120 - 8 * length);
        }
        length++;
    }

    /** The byte at {@code index}; 0 where it has not come. */
    int byteAt(int index) {
        return (int) (index < 8 ? high >>> (56 - 8 * index) : low >>> (120 - 8 * index)) & 0xff;
    }

    int unsignedShortAtTwo() {
        return (int) (high >>> 32) & 0xffff;
    }

    int intAtTwo() {
        return (int) (high >>> 16);
    }

    long longAtTwo() {
        return high << 16 | low >>> 48;
    }

    long longAtSix() {
        return high << 48 | low >>> 16;
    }

    /** Appends the first {@code count} bytes to {@code to}. */
    void write(ByteBuf to, int count) {
        for (int i = 0; i < count; i++) {
            to.writeByte(byteAt(i));
        }
    }
}
