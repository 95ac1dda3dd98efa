// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads a client hello (RFC 8446 §4.1.2) as far as the host that it names. It may arrive in pieces and in several
 * records; each byte is looked at once. The engine parses and checks the whole hello afterwards.
 */
final class ClientHello {

    /** Maximum size with record headers. Post-quantum keys take 1.2 KiB. */
    static final int MAX_BYTES = 16 * 1024;

    /** If clients have certificates: a ticket contains their chain. */
    static final int MAX_BYTES_WITH_CHAIN = MAX_BYTES + PeerChain.MAX_BYTES;

    /** Content type of handshake records, the first byte of a TLS connection. */
    static final int HANDSHAKE = 22;

    private static final int MAJOR_VERSION = 3;
    private static final int RECORD_HEADER = 5;
    private static final int MAX_RECORD = 16 * 1024;
    private static final int CLIENT_HELLO = 1;
    private static final int MESSAGE_HEADER = 4;
    /** Version and random. */
    private static final int FIXED_PART = 34;

    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;
    private static final int MAX_HOST = 255;

    /** How far it has been read. */
    enum Progress {
        INCOMPLETE,
        COMPLETE,
        /** Not a client hello, or too long. */
        INVALID
    }

    private final int maxBytes;

    /** Bytes of complete records. */
    private int scanned;
    /** Bytes of the message in complete records. */
    private int gathered;

    private int records;
    /** Bytes of the whole message; 0 if unknown. */
    private int needed;

    /** @param withChain whether tickets may contain the chain of a client's certificate */
    ClientHello(boolean withChain) {
        maxBytes = withChain ? MAX_BYTES_WITH_CHAIN : MAX_BYTES;
    }

    /** @param bytes all bytes of the connection so far; the reader index is not moved */
    Progress read(ByteBuf bytes) {
        int start = bytes.readerIndex();
        while (bytes.readableBytes() - scanned >= RECORD_HEADER) {
            int header = start + scanned;
            int length = bytes.getUnsignedShort(header + 3);
            if (bytes.getUnsignedByte(header) != HANDSHAKE
                    || bytes.getUnsignedByte(header + 1) != MAJOR_VERSION
                    || length == 0
                    || length > MAX_RECORD
                    || scanned + RECORD_HEADER + length > maxBytes) {
                return Progress.INVALID;
            }
            if (bytes.readableBytes() - scanned < RECORD_HEADER + length) {
                return Progress.INCOMPLETE;
            }
            scanned += RECORD_HEADER + length;
            gathered += length;
            records++;
            if (needed == 0 && gathered >= MESSAGE_HEADER) {
                ByteBuf message = message(bytes);
                needed = MESSAGE_HEADER + message.getUnsignedMedium(1);
                if (message.getUnsignedByte(0) != CLIENT_HELLO || needed > maxBytes) {
                    return Progress.INVALID;
                }
            }
            if (needed > 0 && gathered >= needed) {
                return Progress.COMPLETE;
            }
        }
        return Progress.INCOMPLETE;
    }

    /**
     * The host of a complete hello, in lower case without a trailing dot (RFC 6066 §3).
     *
     * @return null if it names none, or none that can be in a certificate
     */
    @Nullable String host(ByteBuf bytes) {
        ByteBuf message = message(bytes);
        Fields hello = new Fields(message, MESSAGE_HEADER, needed);
        hello.skip(FIXED_PART);
        hello.skip(hello.number(1));
        hello.skip(hello.number(2));
        hello.skip(hello.number(1));
        Fields extensions = hello.part(hello.number(2));
        while (extensions.hasMore()) {
            int type = extensions.number(2);
            Fields extension = extensions.part(extensions.number(2));
            if (type == SERVER_NAME) {
                return host(extension.part(extension.number(2)));
            }
        }
        return null;
    }

    private static @Nullable String host(Fields names) {
        while (names.hasMore()) {
            int type = names.number(1);
            Fields name = names.part(names.number(2));
            if (type == HOST_NAME) {
                return normalised(name.text());
            }
        }
        return null;
    }

    private static @Nullable String normalised(String name) {
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (host.isEmpty() || host.length() > MAX_HOST) {
            return null;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_';
            if (!allowed) {
                return null;
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** The message as far as it is in complete records, from index 0. */
    private ByteBuf message(ByteBuf bytes) {
        int start = bytes.readerIndex();
        if (records == 1) {
            return bytes.slice(start + RECORD_HEADER, gathered);
        }
        byte[] joined = new byte[gathered];
        int at = 0;
        for (int header = start; at < gathered; ) {
            int length = bytes.getUnsignedShort(header + 3);
            bytes.getBytes(header + RECORD_HEADER, joined, at, length);
            at += length;
            header += RECORD_HEADER + length;
        }
        return Unpooled.wrappedBuffer(joined);
    }

    /** Reads numbers and parts. Past the end, all are empty: the engine refuses such a hello. */
    private static final class Fields {

        private final ByteBuf bytes;
        private final int end;
        private int at;

        Fields(ByteBuf bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        boolean hasMore() {
            return at < end;
        }

        void skip(int length) {
            at = Math.min(end, at + length);
        }

        int number(int length) {
            int value = 0;
            for (int i = 0; i < length; i++) {
                value = value << Byte.SIZE | (at < end ? bytes.getUnsignedByte(at++) : 0);
            }
            return value;
        }

        Fields part(int length) {
            int start = at;
            skip(length);
            return new Fields(bytes, start, at);
        }

        String text() {
            return bytes.toString(at, end - at, StandardCharsets.ISO_8859_1);
        }
    }
}
