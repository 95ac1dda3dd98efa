// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wsroute.proxy.testkit.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A piece of a peer's stream, usually a frame. Clients mask theirs (RFC 6455 §5.3) with the key of the RFC's examples. */
interface Piece {

    int KEY = 0x37fa213d;

    byte[] from(WirePeer sender);

    static Piece text(String text) {
        return frame(Frame.TEXT, text.getBytes(UTF_8));
    }

    static Piece binary(int length) {
        return frame(Frame.BINARY, payload(length));
    }

    static Piece ping(int length) {
        return frame(Frame.PING, payload(length));
    }

    static Piece pong(int length) {
        return frame(Frame.PONG, payload(length));
    }

    /** The first of several frames of a text message. */
    static Piece begin(String text) {
        return frame(0x01, text.getBytes(UTF_8));
    }

    /** A continuation frame that is not the last. */
    static Piece middle(String text) {
        return frame(0x00, text.getBytes(UTF_8));
    }

    /** The last of several frames of a message. */
    static Piece last(String text) {
        return frame(0x80, text.getBytes(UTF_8));
    }

    static Piece close(int code, String phrase) {
        byte[] words = phrase.getBytes(UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(2 + words.length);
        return frame(Frame.CLOSE, payload.putShort((short) code).put(words).array());
    }

    /** @param first FIN, RSV and opcode */
    static Piece frame(int first, byte[] payload) {
        return sender -> encode(first, payload, shortest(payload.length), sender == WirePeer.CLIENT, KEY);
    }

    static Piece masked(int key, String text) {
        return sender -> encode(Frame.TEXT, text.getBytes(UTF_8), 0, sender == WirePeer.CLIENT, key);
    }

    /** A frame that is masked although it must not be, or unmasked although it must be masked. */
    static Piece wronglyMasked(int first, String text) {
        return sender -> encode(first, text.getBytes(UTF_8), 0, sender != WirePeer.CLIENT, KEY);
    }

    /** @param extended bytes of the extended payload length: 0, 2 or 8 */
    static Piece withLengthOf(int extended, int first, byte[] payload) {
        return sender -> encode(first, payload, extended, sender == WirePeer.CLIENT, KEY);
    }

    /** A header with a 64-bit length, and some bytes of the payload. */
    static Piece announcing(long length, int begun) {
        return sender -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(Frame.BINARY);
            out.write(sender == WirePeer.CLIENT ? 0xff : 0x7f);
            out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
            if (sender == WirePeer.CLIENT) {
                out.writeBytes(ByteBuffer.allocate(4).putInt(KEY).array());
            }
            out.writeBytes(payload(begun));
            return out.toByteArray();
        };
    }

    /** The first bytes of a piece. */
    static Piece start(int bytes, Piece whole) {
        return sender ->
                ByteBuffer.allocate(bytes).put(whole.from(sender), 0, bytes).array();
    }

    /** The bytes of a piece that {@link #start} leaves out. */
    static Piece rest(int bytes, Piece whole) {
        return sender -> {
            byte[] all = whole.from(sender);
            return ByteBuffer.allocate(all.length - bytes)
                    .put(all, bytes, all.length - bytes)
                    .array();
        };
    }

    /** Bytes without two equal neighbours. */
    static byte[] payload(int length) {
        byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) (i * 31 + (i >> 8));
        }
        return payload;
    }

    private static int shortest(int length) {
        return length < 126 ? 0 : length < 65536 ? 2 : 8;
    }

    private static byte[] encode(int first, byte[] payload, int extended, boolean masked, int key) {
        ByteBuffer out = ByteBuffer.allocate(2 + extended + (masked ? 4 : 0) + payload.length);
        out.put((byte) first);
        int mask = masked ? 0x80 : 0;
        switch (extended) {
            case 0 -> out.put((byte) (mask | payload.length));
            case 2 -> out.put((byte) (mask | 126)).putShort((short) payload.length);
            default -> out.put((byte) (mask | 127)).putLong(payload.length);
        }
        if (masked) {
            out.putInt(key);
        }
        for (int i = 0; i < payload.length; i++) {
            out.put(masked ? (byte) (payload[i] ^ (key >> (24 - 8 * (i & 3)))) : payload[i]);
        }
        return out.array();
    }
}
