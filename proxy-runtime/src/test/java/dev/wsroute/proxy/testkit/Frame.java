// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A WebSocket frame (RFC 6455 §5.2), written and parsed without the proxy's code.
 *
 * @param first FIN, RSV and opcode
 */
public record Frame(int first, boolean masked, byte[] payload) {

    public static final int TEXT = 0x81;
    public static final int BINARY = 0x82;
    public static final int CLOSE = 0x88;
    public static final int PING = 0x89;
    public static final int PONG = 0x8a;

    public static byte[] text(String text, boolean masked) {
        return encode(TEXT, text.getBytes(StandardCharsets.UTF_8), masked);
    }

    public static byte[] close(int code, String phrase, boolean masked) {
        byte[] words = phrase.getBytes(StandardCharsets.UTF_8);
        byte[] payload = ByteBuffer.allocate(2 + words.length)
                .putShort((short) code)
                .put(words)
                .array();
        return encode(CLOSE, payload, masked);
    }

    public static byte[] encode(int first, byte[] payload, boolean masked) {
        byte[] header = header(first, payload.length, masked);
        byte[] frame = new byte[header.length + payload.length];
        System.arraycopy(header, 0, frame, 0, header.length);
        for (int i = 0; i < payload.length; i++) {
            frame[header.length + i] = masked ? (byte) (payload[i] ^ header[header.length - 4 + (i & 3)]) : payload[i];
        }
        return frame;
    }

    /** A header with a random masking key. */
    public static byte[] header(int first, long length, boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            out.write(mask | (int) length);
        } else if (length < 65536) {
            out.write(mask | 126);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
        } else {
            out.write(mask | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
        }
        if (masked) {
            byte[] key = new byte[4];
            new Random().nextBytes(key);
            out.writeBytes(key);
        }
        return out.toByteArray();
    }

    static Frame read(RawPeer peer) throws IOException {
        byte[] head = peer.read(2);
        int second = head[1] & 0xff;
        long length = second & 0x7f;
        if (length == 126) {
            length = ByteBuffer.wrap(peer.read(2)).getShort() & 0xffff;
        } else if (length == 127) {
            length = ByteBuffer.wrap(peer.read(8)).getLong();
        }
        boolean masked = (second & 0x80) != 0;
        byte[] key = masked ? peer.read(4) : new byte[4];
        byte[] payload = peer.read((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i & 3];
        }
        return new Frame(head[0] & 0xff, masked, payload);
    }

    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    public boolean isClose() {
        return first == CLOSE;
    }

    public int closeCode() {
        return payload.length < 2 ? -1 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }

    public String closePhrase() {
        return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
}
