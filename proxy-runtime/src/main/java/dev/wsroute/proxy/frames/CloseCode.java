// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import io.netty.buffer.ByteBuf;

/** Reads the status code of a Close frame while its payload passes (RFC 6455 §5.5.1). */
public final class CloseCode {

    /** The code for a Close frame without one (RFC 6455 §7.4.1). */
    public static final int NO_STATUS = 1005;

    private static final int LENGTH = 2;

    private final int mask;
    private int code;
    private int read;

    /** @param mask the first two bytes of the masking key; 0 where frames are not masked */
    CloseCode(int mask) {
        this.mask = mask;
    }

    /** The next bytes of the payload. */
    void read(ByteBuf buffer, int index, int available) {
        for (int i = 0; i < available && read < LENGTH; i++) {
            int key = read == 0 ? mask >> 8 : mask & 0xff;
            code = (code << 8) | ((buffer.getByte(index + i) & 0xff) ^ key);
            read++;
        }
    }

    /** -1 if the frame has none or is incomplete. */
    int code() {
        return read == LENGTH ? code : -1;
    }
}
