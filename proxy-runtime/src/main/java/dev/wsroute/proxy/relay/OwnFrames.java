package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Control frames of the proxy's own (RFC 6455 §5.5). */
final class OwnFrames {

    private static final int FIN_CLOSE = 0x88;
    private static final int FIN_PING = 0x89;
    private static final int MASKED = 0x80;

    private OwnFrames() {}

    /** A Ping towards a client, whose Pong will have the same eight bytes. */
    static ByteBuf ping(ByteBufAllocator allocator, long payload) {
        return allocator
                .directBuffer(2 + Long.BYTES)
                .writeByte(FIN_PING)
                .writeByte(Long.BYTES)
                .writeLong(payload);
    }

    /**
     * A Close.
     *
     * @param masked as frames towards a server have to be; the key need not be secret, since no user chooses the payload
     */
    static ByteBuf close(ByteBufAllocator allocator, CloseReason reason, boolean masked) {
        byte[] phrase = reason.phrase().getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + phrase.length];
        payload[0] = (byte) (reason.code() >> 8);
        payload[1] = (byte) reason.code();
        System.arraycopy(phrase, 0, payload, 2, phrase.length);
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
