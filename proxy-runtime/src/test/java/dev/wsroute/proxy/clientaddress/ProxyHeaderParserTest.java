// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ProxyHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {

    private final List<String> heard = new ArrayList<>();

    /** The bytes passed to the next handler, and the calls of the listener. */
    private String played(byte[] bytes, boolean required, int cut) {
        heard.clear();
        EmbeddedChannel channel = new EmbeddedChannel(new ProxyProtocolDecoder(required, new Recorder()));
        StringBuilder passed = new StringBuilder();
        for (int from = 0; from < bytes.length; from += cut) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, from, Math.min(cut, bytes.length - from)));
            for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
                passed.append(piece.toString(ISO_8859_1));
                piece.release();
            }
        }
        channel.finishAndReleaseAll();
        return passed.toString();
    }

    private final class Recorder implements ProxyProtocolDecoder.ProxyHeaderListener {
        @Override
        public boolean header(ProxyHeader header) {
            InetSocketAddress source = header.source();
            heard.add((source == null ? "nobody" : source.getAddress().getHostAddress() + " " + source.getPort())
                    + (header.secure() ? " tls" : ""));
            return true;
        }

        @Override
        public boolean noHeader() {
            heard.add("none");
            return true;
        }

        @Override
        public void broken() {
            heard.add("broken");
        }
    }

    private void means(byte[] header, String meaning) {
        byte[] behind = "GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
        byte[] all = ProxyHeaders.join(header, behind);
        for (int cut : new int[] {all.length, 1, 2, 3, 7, header.length, header.length + 1}) {
            assertThat(played(all, true, cut)).isEqualTo("GET / HTTP/1.1\r\n\r\n");
            assertThat(heard).containsExactly(meaning);
        }
    }

    private void isBroken(byte[] bytes) {
        for (int cut : new int[] {bytes.length, 1}) {
            assertThat(played(bytes, false, cut)).isEmpty();
            assertThat(heard).containsExactly("broken");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 10.0.0.1 4711 80, 203.0.113.7 4711",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255 65535",
        "PROXY TCP6 2001:db8::7 ::1 0 80, 2001:db8:0:0:0:0:0:7 0",
        "PROXY UNKNOWN, nobody",
        "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535, nobody"
    })
    void version1NamesTheClient(String line, String meaning) {
        means((line + "\r\n").getBytes(ISO_8859_1), meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711 80 \r\n",
                "PROXY TCP4  203.0.113.7 10.0.0.1 4711 80\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711 80\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711 65536\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 -1 80\r\n",
                "PROXY TCP4 203.0.113.7 10.0.0.1 04711 80\r\n",
                "PROXY TCP4 203.0.113.256 10.0.0.1 4711 80\r\n",
                "PROXY TCP4 2001:db8::7 10.0.0.1 4711 80\r\n",
                "PROXY TCP6 203.0.113.7 10.0.0.1 4711 80\r\n",
                "PROXY TCP4 localhost 10.0.0.1 4711 80\r\n",
                "PROXY UDP4 203.0.113.7 10.0.0.1 4711 80\r\n",
                "PROXY tcp4 203.0.113.7 10.0.0.1 4711 80\r\n",
                "PROXY UNKNOWNX\r\n"
            })
    void version1IsParsedStrictly(String line) {
        isBroken(line.getBytes(ISO_8859_1));
    }

    @Test
    void aLineHasAtMost107Bytes() {
        means(("PROXY UNKNOWN " + "x".repeat(91) + "\r\n").getBytes(ISO_8859_1), "nobody");
        isBroken(("PROXY UNKNOWN " + "x".repeat(92) + "\r\n").getBytes(ISO_8859_1));
        isBroken(("PROXY UNKNOWN " + "x".repeat(500)).getBytes(ISO_8859_1));
    }

    @Test
    void version2NamesTheClient() {
        means(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.tcp4("203.0.113.7", 4711)), "203.0.113.7 4711");
        means(ProxyHeaders.v2(0x21, 0x21, ProxyHeaders.tcp6("2001:db8::7", 4711)), "2001:db8:0:0:0:0:0:7 4711");
    }

    @Test
    void otherThanATcpConnectionOfAClientNamesNoClient() {
        means(ProxyHeaders.v2(0x20, 0x00, new byte[0]), "nobody");
        means(ProxyHeaders.v2(0x20, 0x11, ProxyHeaders.tcp4("203.0.113.7", 4711)), "nobody");
        means(ProxyHeaders.v2(0x21, 0x00, new byte[0]), "nobody");
        means(ProxyHeaders.v2(0x21, 0x31, new byte[216]), "nobody");
        means(ProxyHeaders.v2(0x21, 0x12, ProxyHeaders.tcp4("203.0.113.7", 4711)), "nobody");
    }

    @Test
    void aTlvReportsThatTheClientUsedTls() {
        byte[] address = ProxyHeaders.tcp4("203.0.113.7", 4711);
        byte[] other = ProxyHeaders.tlv(0x04, new byte[300]);
        byte[] tls = ProxyHeaders.tlv(0x20, new byte[] {1, 0, 0, 0, 0});
        byte[] plain = ProxyHeaders.tlv(0x20, new byte[] {2, 0, 0, 0, 1});

        means(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(address, other, tls)), "203.0.113.7 4711 tls");
        means(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(address, other, plain)), "203.0.113.7 4711");
    }

    @Test
    void version2IsParsedStrictly() {
        byte[] address = ProxyHeaders.tcp4("203.0.113.7", 4711);

        isBroken(ProxyHeaders.v2(0x11, 0x11, address));
        isBroken(ProxyHeaders.v2(0x22, 0x11, address));
        isBroken(ProxyHeaders.v2(0x21, 0x13, address));
        isBroken(ProxyHeaders.v2(0x21, 0x41, address));
        isBroken(ProxyHeaders.v2(0x21, 0x11, new byte[11]));
        isBroken(ProxyHeaders.v2(0x21, 0x21, new byte[35]));
        isBroken(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(address, new byte[] {4, 0})));
        isBroken(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(address, new byte[] {4, 0, 9, 1})));
        isBroken(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(address, ProxyHeaders.tlv(0x20, new byte[4]))));
        isBroken(ProxyHeaders.v2(0x21, 0x11, new byte[4097]));
    }

    @Test
    void aConnectionWithoutAHeaderContinuesUnlessOneIsRequired() {
        for (String begin : List.of("GET / HTTP/1.1\r\n\r\n", "PRO", "PROXX", "\r\n\r\nGET")) {
            byte[] bytes = (begin + "Z").getBytes(ISO_8859_1);

            assertThat(played(bytes, false, 1)).isEqualTo(begin + "Z");
            assertThat(heard).containsExactly("none");
            assertThat(played(bytes, true, bytes.length)).isEmpty();
            assertThat(heard).containsExactly("broken");
        }
    }

    @Test
    void anIncompleteHeaderHasNoEffect() {
        assertThat(played("PROXY TCP4 203.".getBytes(ISO_8859_1), true, 1)).isEmpty();
        assertThat(heard).isEmpty();
    }
}
