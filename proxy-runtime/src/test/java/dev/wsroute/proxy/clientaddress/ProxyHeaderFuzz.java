// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.fuzz.Chunks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * However the first bytes of a connection are split, a PROXY protocol header is removed completely and parsed correctly, and
 * the bytes after it are passed on unchanged.
 */
public final class ProxyHeaderFuzz {

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(ISO_8859_1);

    private ProxyHeaderFuzz() {}

    /** The first byte of the input selects whether a header is required. */
    public static void fuzzerTestOneInput(byte[] data) throws UnknownHostException {
        if (data.length == 0) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        Outcome first = null;
        for (List<byte[]> pieces : Chunks.of(stream)) {
            Outcome outcome = Outcome.of(pieces, (data[0] & 1) != 0);
            if (first == null) {
                first = outcome;
                saysWhatTheBytesSay(outcome, stream);
            }
            assertThat(outcome).isEqualTo(first);
        }
    }

    private static void saysWhatTheBytesSay(Outcome outcome, byte[] stream) throws UnknownHostException {
        assertThat(new String(stream, ISO_8859_1)).endsWith(outcome.behind());
        int length = stream.length - outcome.behind().length();
        ProxyHeader header = outcome.header();
        if (outcome.calls() != 1) {
            assertThat(outcome.calls()).isZero();
            assertThat(stream).hasSizeLessThan(16 + 4096);
        } else if (header == null) {
            assertThat(length).isIn(0, stream.length);
        } else if (stream[0] == 'P') {
            isVersion1(header, new String(stream, 0, length, ISO_8859_1));
        } else {
            isVersion2(header, stream, length);
        }
    }

    private static void isVersion1(ProxyHeader header, String line) throws UnknownHostException {
        assertThat(line).startsWith("PROXY ").endsWith("\r\n").hasSizeLessThanOrEqualTo(107);
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        assertThat(header.secure()).isFalse();
        String[] words = line.substring(0, line.length() - 2).split(" ", -1);
        InetSocketAddress source = header.source();
        if (source == null) {
            assertThat(words[1]).isEqualTo("UNKNOWN");
        } else {
            assertThat(words).hasSize(6);
            assertThat(words[2]).matches("[0-9a-fA-F:.]+").contains(words[1].equals("TCP4") ? "." : ":");
            assertThat(source.getAddress()).isEqualTo(InetAddress.getByName(words[2]));
            assertThat(source.getPort()).hasToString(words[4]);
        }
    }

    private static void isVersion2(ProxyHeader header, byte[] stream, int length) throws UnknownHostException {
        assertThat(stream).startsWith(SIGNATURE);
        assertThat(length).isEqualTo(16 + (ByteBuffer.wrap(stream).getShort(14) & 0xffff));
        int family = stream[13] & 0xff;
        boolean tells = stream[12] == 0x21 && (family == 0x11 || family == 0x21);
        InetSocketAddress source = header.source();
        if (source == null) {
            assertThat(tells).isFalse();
        } else {
            assertThat(tells).isTrue();
            int bytes = family == 0x11 ? 4 : 16;
            assertThat(source.getAddress())
                    .isEqualTo(InetAddress.getByAddress(Arrays.copyOfRange(stream, 16, 16 + bytes)));
            assertThat(source.getPort()).isEqualTo(ByteBuffer.wrap(stream).getShort(16 + 2 * bytes) & 0xffff);
        }
        if (header.secure()) {
            assertThat(new String(stream, 16, length - 16, ISO_8859_1)).contains(" ");
        }
    }

    /**
     * @param calls number of calls of the listener; 0 if more input is needed
     * @param header the header passed to the listener
     * @param broken whether a malformed header was reported
     * @param behind bytes passed to the next handler
     */
    private record Outcome(int calls, @Nullable ProxyHeader header, boolean broken, String behind) {

        static Outcome of(List<byte[]> pieces, boolean required) {
            Recorder recorded = new Recorder();
            EmbeddedChannel channel = new EmbeddedChannel(new ProxyProtocolDecoder(required, recorded));
            try {
                pieces.forEach(piece -> channel.writeInbound(Unpooled.wrappedBuffer(piece)));
                StringBuilder behind = new StringBuilder();
                for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                    behind.append(((ByteBuf) message).toString(ISO_8859_1));
                    ReferenceCountUtil.release(message);
                }
                return new Outcome(recorded.calls, recorded.header, recorded.broken, behind.toString());
            } finally {
                channel.finishAndReleaseAll();
            }
        }
    }

    private static final class Recorder implements ProxyProtocolDecoder.ProxyHeaderListener {

        private int calls;
        private @Nullable ProxyHeader header;
        private boolean broken;

        @Override
        public boolean header(ProxyHeader taken) {
            calls++;
            header = taken;
            return true;
        }

        @Override
        public boolean noHeader() {
            calls++;
            return true;
        }

        @Override
        public void broken() {
            calls++;
            broken = true;
        }
    }
}
