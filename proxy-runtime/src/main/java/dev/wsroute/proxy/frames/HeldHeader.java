// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import io.netty.buffer.ByteBuf;

/**
 * The start of a frame that is split over two buffers, up to {@value #CAPACITY} bytes, until the rest arrives. Reused
 * for all headers without allocation.
 */
public final class HeldHeader {

    /** Size of the longest header (RFC 6455 §5.2), and of a masked Pong with eight bytes. */
    public static final int CAPACITY = 14;

    // Big-endian, the first byte in the highest bits.
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

    /** The byte at {@code index}; 0 if it has not arrived. */
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
