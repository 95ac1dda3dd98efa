package dev.wsroute.proxy.frames;

import io.netty.buffer.ByteBuf;

/** The status code of a Close frame, read as its payload passes (RFC 6455 §5.5.1). */
public final class CloseCode {

    /** What stands for the code of a Close frame that has none (RFC 6455 §7.4.1). */
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

    /** -1 when the frame has none, or not all of it has come. */
    int code() {
        return read == LENGTH ? code : -1;
    }
}
