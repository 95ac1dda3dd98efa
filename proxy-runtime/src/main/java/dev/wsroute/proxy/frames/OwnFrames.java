// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Creates the proxy's own control frames (RFC 6455 §5.5). */
public final class OwnFrames {

    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int MASKED = 0x80;

    private OwnFrames() {}

    /** A Ping to a client, whose Pong has the same eight bytes. */
    public static ByteBuf ping(ByteBufAllocator allocator, long payload) {
        return allocator
                .directBuffer(2 + Long.BYTES)
                .writeByte(FIN_PING)
                .writeByte(Long.BYTES)
                .writeLong(payload);
    }

    /**
     * A Close.
     *
     * @param code RFC 6455 §7.4
     * @param phrase in ASCII, at most 123 bytes
     * @param masked whether to mask, as required for frames to a server; the key need not be secret, since no user
     *     chooses the payload
     */
    public static ByteBuf close(ByteBufAllocator allocator, int code, String phrase, boolean masked) {
        byte[] text = phrase.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        ByteBuf frame = allocator.directBuffer(6 + payload.length);
        frame.writeByte(FIN_CLOSE);
        if (!masked) {
            return frame.writeByte(payload.length).writeBytes(payload);
        }
        int key = ThreadLocalRandom.current().nextInt();
        frame.writeByte(MASKED | payload.length).writeInt(key);
        for (int i = 0; i < payload.length; i++) {
            frame.writeByte(payload[i] ^ (key >> (24 - 8 * (i & 3))));
        }
        return frame;
    }
}
