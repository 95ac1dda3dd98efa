// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** The first messages of TLS clients, which are not encrypted, in records. */
public final class ClientHellos {

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int LONGEST_RECORD = 16_000;

    private ClientHellos() {}

    /** @param version such as {@code TLSv1.3}, which the client then offers alone */
    public static byte[] of(SSLContext client, String version) throws IOException {
        SSLEngine engine = client.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        ByteBuffer out = ByteBuffer.allocate(17 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * The hello with an extension that nobody knows.
     *
     * @param length that the message gets, in bytes
     */
    public static byte[] padded(byte[] hello, int length) {
        ByteBuffer before = ByteBuffer.wrap(hello, RECORD_HEADER + MESSAGE_HEADER, hello.length - 9);
        int start = before.position();
        before.position(start + 34);
        before.position(before.position() + 1 + (before.get(before.position()) & 0xff));
        before.position(before.position() + 2 + (before.getShort(before.position()) & 0xffff));
        before.position(before.position() + 1 + (before.get(before.position()) & 0xff));
        int extensions = before.position();
        int added = length - MESSAGE_HEADER - before.limit() + start;
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put((byte) 1).put(medium(length - MESSAGE_HEADER));
        message.put(hello, start, extensions - start);
        message.putShort((short) (before.getShort(extensions) + added));
        message.put(hello, extensions + 2, hello.length - extensions - 2);
        message.putShort((short) 0x7a7b).putShort((short) (added - 4));
        return records(message.array());
    }

    /**
     * The client's certificates, as TLS 1.2 sends them (RFC 5246 §7.4.6), but for the last byte.
     *
     * @param length of the message in bytes
     */
    public static byte[] unfinishedCertificate(int length) {
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put((byte) 11).put(medium(length - 4)).put(medium(length - 7)).put(medium(length - 10));
        return records(Arrays.copyOf(message.array(), length - 1));
    }

    private static byte[] medium(int number) {
        return new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    private static byte[] records(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int start = 0; start < message.length; start += LONGEST_RECORD) {
            int length = Math.min(LONGEST_RECORD, message.length - start);
            out.writeBytes(new byte[] {22, 3, 3, (byte) (length >> 8), (byte) length});
            out.write(message, start, length);
        }
        return out.toByteArray();
    }
}
