// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import dev.wsroute.proxy.clientaddress.ProxyProtocolDecoder.MalformedProxyHeaderException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A strict parser of PROXY protocol headers (The PROXY protocol, versions 1 & 2, 2020-03-05:
 * haproxy.org/download/2.9/doc/proxy-protocol.txt).
 */
public final class ProxyHeaderParser {

    /** What the first bytes of a connection are. */
    public enum Start {
        VERSION_1,
        VERSION_2,
        NEITHER,
        /** Too few bytes to decide. */
        UNDECIDED
    }

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] V2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    /** §2.1: maximum length of a line with its CR LF. */
    private static final int MAX_LINE = 107;

    private static final int V2_FIXED = 16;

    /** Enough for addresses and the TLVs that load balancers send. The protocol allows 65,535. */
    private static final int MAX_V2_REST = 4096;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int TYPE_SSL = 0x20;
    private static final int CLIENT_SSL = 0x01;
    private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
    private static final Pattern DOTTED = Pattern.compile("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");

    private ProxyHeaderParser() {}

    /** Inspects the buffer without consuming bytes. */
    public static Start startOf(ByteBuf in) {
        boolean v1 = agrees(in, V1);
        boolean v2 = agrees(in, V2);
        if (!v1 && !v2) {
            return Start.NEITHER;
        }
        if (in.readableBytes() < (v1 ? V1.length : V2.length)) {
            return Start.UNDECIDED;
        }
        return v1 ? Start.VERSION_1 : Start.VERSION_2;
    }

    /**
     * Reads a header that {@link #startOf} has recognised.
     *
     * @return null if incomplete; then nothing is consumed
     */
    public static @Nullable ProxyHeader read(ByteBuf in) throws MalformedProxyHeaderException {
        return startOf(in) == Start.VERSION_1 ? version1(in) : version2(in);
    }

    private static boolean agrees(ByteBuf in, byte[] prefix) {
        int length = Math.min(prefix.length, in.readableBytes());
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ProxyHeader version1(ByteBuf in) throws MalformedProxyHeaderException {
        int length = in.bytesBefore(Math.min(in.readableBytes(), MAX_LINE), (byte) '\n');
        if (length < 0) {
            if (in.readableBytes() >= MAX_LINE) {
                throw new MalformedProxyHeaderException("The line is too long.");
            }
            return null;
        }
        String line = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
        if (!line.endsWith("\r")) {
            throw new MalformedProxyHeaderException("The line does not end with CR LF.");
        }
        in.skipBytes(length + 1);
        String[] words = line.substring(V1.length, line.length() - 1).split(" ", -1);
        if (words[0].equals("UNKNOWN")) {
            return new ProxyHeader(null, false);
        }
        boolean v4 = words[0].equals("TCP4");
        if (words.length != 5 || (!v4 && !words[0].equals("TCP6"))) {
            throw new MalformedProxyHeaderException("The line is malformed.");
        }
        InetSocketAddress source = endpoint(words[1], words[3], v4);
        endpoint(words[2], words[4], v4);
        return new ProxyHeader(source, false);
    }

    private static InetSocketAddress endpoint(String host, String port, boolean v4)
            throws MalformedProxyHeaderException {
        InetAddress address = DOTTED.matcher(host).matches() == v4 && (v4 || host.indexOf(':') >= 0)
                ? ForwardedFor.literal(host)
                : null;
        int number = PORT.matcher(port).matches() ? Integer.parseInt(port) : -1;
        if (address == null || number < 0 || number > 65535) {
            throw new MalformedProxyHeaderException("An address is malformed.");
        }
        return new InetSocketAddress(address, number);
    }

    private static @Nullable ProxyHeader version2(ByteBuf in) throws MalformedProxyHeaderException {
        if (in.readableBytes() < V2_FIXED) {
            return null;
        }
        int start = in.readerIndex();
        int command = in.getUnsignedByte(start + 12);
        int family = in.getUnsignedByte(start + 13);
        int rest = in.getUnsignedShort(start + 14);
        // §2.2: the family of a LOCAL header is ignored.
        boolean known = command == LOCAL || (command == PROXY && isFamily(family));
        if (!known || rest > MAX_V2_REST) {
            throw new MalformedProxyHeaderException("Version, command, family or length is invalid.");
        }
        if (in.readableBytes() < V2_FIXED + rest) {
            return null;
        }
        in.skipBytes(V2_FIXED);
        ByteBuf body = in.readSlice(rest);
        if (command == LOCAL) {
            return new ProxyHeader(null, false);
        }
        int addresses = addressLength(family);
        if (rest < addresses) {
            throw new MalformedProxyHeaderException("The addresses are truncated.");
        }
        boolean tcp = family == TCP4 || family == TCP6;
        InetSocketAddress source = tcp ? source(body, (addresses - 4) / 2) : null;
        body.skipBytes(addresses);
        return new ProxyHeader(source, overTls(body));
    }

    private static boolean isFamily(int family) {
        int transport = family & 0x0f;
        return (family >> 4) <= 3 && transport <= 2;
    }

    private static int addressLength(int family) {
        return switch (family >> 4) {
            case 1 -> 12;
            case 2 -> 36;
            case 3 -> 216;
            default -> 0;
        };
    }

    private static InetSocketAddress source(ByteBuf body, int length) {
        byte[] address = ByteBufUtil.getBytes(body, body.readerIndex(), length);
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(address), body.getUnsignedShort(body.readerIndex() + 2 * length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }

    /** §2.2.6: a TLV of type PP2_TYPE_SSL with the bit PP2_CLIENT_SSL. */
    private static boolean overTls(ByteBuf tlvs) throws MalformedProxyHeaderException {
        boolean secure = false;
        while (tlvs.isReadable()) {
            if (tlvs.readableBytes() < 3) {
                throw new MalformedProxyHeaderException("A TLV is truncated.");
            }
            int type = tlvs.readUnsignedByte();
            int length = tlvs.readUnsignedShort();
            if (length > tlvs.readableBytes()) {
                throw new MalformedProxyHeaderException("A TLV is truncated.");
            }
            ByteBuf value = tlvs.readSlice(length);
            if (type == TYPE_SSL) {
                if (length < 5) {
                    throw new MalformedProxyHeaderException("The SSL TLV is truncated.");
                }
                secure = (value.getUnsignedByte(value.readerIndex()) & CLIENT_SSL) != 0;
            }
        }
        return secure;
    }
}
