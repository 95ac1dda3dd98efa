// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ProxyHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.io.ByteArrayOutputStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Why the proxy does not use Netty's HAProxyMessageDecoder (ADR 35): where it deviates from the specification (The PROXY
 * protocol, versions 1 &amp; 2) and our parser does not. If a test fails because Netty's decoder has been fixed, reconsider
 * the decision.
 */
class NettyProxyDecoderTest {

    private static final byte[] BEHIND = "GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
    private static final byte[] ADDRESSES = ProxyHeaders.tcp4("203.0.113.7", 4711);
    private static final int MAX_TLVS = 4096;

    /**
     * What a decoder does with a connection.
     *
     * @param accepted it found a header
     * @param open it left the connection open
     * @param behind bytes passed to the next handler
     */
    private record Outcome(boolean accepted, boolean open, String behind) {

        static final Outcome ACCEPTED = new Outcome(true, true, new String(BEHIND, ISO_8859_1));
    }

    private static Outcome netty(byte[] header, int cut) {
        return play(new HAProxyMessageDecoder(MAX_TLVS), header, cut, new boolean[1]);
    }

    /** Its listener closes the connection, as {@code ConnectionSetup} does. */
    private static Outcome ours(byte[] header, int cut) {
        boolean[] accepted = new boolean[1];
        boolean[] broken = new boolean[1];
        Outcome outcome = play(
                new ProxyProtocolDecoder(true, new ProxyProtocolDecoder.ProxyHeaderListener() {
                    @Override
                    public boolean header(ProxyHeader header) {
                        accepted[0] = true;
                        return true;
                    }

                    @Override
                    public boolean noHeader() {
                        return true;
                    }

                    @Override
                    public void broken() {
                        broken[0] = true;
                    }
                }),
                header,
                cut,
                accepted);
        return new Outcome(outcome.accepted(), !broken[0], outcome.behind());
    }

    private static Outcome play(ChannelHandler decoder, byte[] header, int cut, boolean[] accepted) {
        byte[] all = ProxyHeaders.join(header, BEHIND);
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        StringBuilder behind = new StringBuilder();
        for (int from = 0; from < all.length && channel.isOpen(); from += cut) {
            try {
                channel.writeInbound(Unpooled.copiedBuffer(all, from, Math.min(cut, all.length - from)));
            } catch (DecoderException e) {
                // The event that a handler would receive.
            }
            for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
                if (message instanceof HAProxyMessage read) {
                    accepted[0] = true;
                    read.release();
                } else {
                    ByteBuf piece = (ByteBuf) message;
                    behind.append(piece.toString(ISO_8859_1));
                    piece.release();
                }
            }
        }
        boolean open = channel.isOpen();
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException e) {
            // It could not decode the rest either.
        }
        return new Outcome(accepted[0], open, behind.toString());
    }

    private static byte[] line(String words) {
        return (words + "\r\n").getBytes(ISO_8859_1);
    }

    private static void isRefusedByOurs(byte[] header) {
        for (int cut : new int[] {header.length + BEHIND.length, 1}) {
            assertThat(ours(header, cut)).isEqualTo(new Outcome(false, false, ""));
        }
    }

    /** The most important case: the following bytes would be served as if the load balancer had sent them. */
    @Test
    void afterTruncatedTlvsNettysDecoderKeepsTheConnectionAndPassesOnTheRest() {
        byte[] beyondTheHeader = {0x04, 0, 9, 1};
        byte[] beyondTheOuterTlv = ProxyHeaders.tlv(0x20, new byte[] {1, 0, 0, 0, 0, 0x21, 0, 9, 1});
        for (byte[] tlvs : new byte[][] {beyondTheHeader, beyondTheOuterTlv}) {
            byte[] header = ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(ADDRESSES, tlvs));

            assertThat(netty(header, 1)).isEqualTo(new Outcome(false, true, new String(BEHIND, ISO_8859_1)));
        }
        isRefusedByOurs(ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(ADDRESSES, beyondTheHeader)));
    }

    @Test
    void nettysIgnoresATlvThatIsTooShortToBeOne() {
        byte[] header = ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(ADDRESSES, new byte[] {4, 0}));

        assertThat(netty(header, header.length + BEHIND.length)).isEqualTo(Outcome.ACCEPTED);
        isRefusedByOurs(header);
    }

    /** Section 2.1: no leading zeros, one space between two words, digits alone, colons and hexadecimal digits alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 203.0.113.7 10.0.0.1 04711 80",
                "PROXY TCP4 203.0.113.7 10.0.0.1 +4711 80",
                "PROXY TCP4 203.0.113.07 10.0.0.1 4711 80",
                "PROXY TCP4 203.0.113.7 10.0.0.1 4711 80  ",
                "PROXY TCP6 fe80::1%eth0 ::1 4711 80",
                "PROXY TCP6 [2001:db8::7] [::1] 4711 80",
            })
    void nettysAcceptsAddressesAndPortsThatTheSpecificationForbids(String words) {
        byte[] header = line(words);

        assertThat(netty(header, 1)).isEqualTo(Outcome.ACCEPTED);
        isRefusedByOurs(header);
    }

    /** Section 2.1: "in the range [0..65535] inclusive". */
    @Test
    void nettysRefusesAPortThatTheSpecificationAllows() {
        byte[] header = line("PROXY TCP4 203.0.113.7 10.0.0.1 0 80");

        assertThat(netty(header, 1)).isEqualTo(new Outcome(false, false, ""));
        assertThat(ours(header, 1)).isEqualTo(Outcome.ACCEPTED);
    }

    /** Section 2.1: at most 107 characters. */
    @Test
    void theMaximumLineLengthOfNettysDecoderDependsOnTheSplit() {
        byte[] longest = line("PROXY UNKNOWN " + "x".repeat(91));
        byte[] longer = line("PROXY UNKNOWN " + "x".repeat(94));
        assertThat(longest).hasSize(107);

        assertThat(netty(longer, longer.length + BEHIND.length)).isEqualTo(Outcome.ACCEPTED);
        assertThat(netty(longer, 1)).isEqualTo(new Outcome(false, false, ""));
        isRefusedByOurs(longer);
        assertThat(ours(longest, 1)).isEqualTo(Outcome.ACCEPTED);
    }

    /** The first byte shows that there is no header. Waiting for more would delay the response until the timeout. */
    @Test
    void nettysWaitsForThirteenBytesOfWhatIsNoHeader() {
        byte[] begin = "GET /\r\n".getBytes(ISO_8859_1);
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder(MAX_TLVS));

        assertThat(channel.writeInbound(Unpooled.copiedBuffer(begin))).isFalse();
        assertThat(channel.isOpen()).isTrue();

        channel.close();
        channel.releaseOutbound();
    }

    /** Two slices and a record for each TLV, although only one type matters. */
    @Test
    void nettysMakesObjectsOfAllTlvs() {
        ByteArrayOutputStream tlvs = new ByteArrayOutputStream();
        IntStream.range(0, 1000).forEach(i -> tlvs.writeBytes(ProxyHeaders.tlv(5, new byte[1])));
        byte[] header = ProxyHeaders.v2(0x21, 0x11, ProxyHeaders.join(ADDRESSES, tlvs.toByteArray()));
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder(MAX_TLVS));

        channel.writeInbound(Unpooled.copiedBuffer(header));
        HAProxyMessage message = channel.readInbound();

        assertThat(message.tlvs()).hasSize(1000);
        message.release();
        channel.finishAndReleaseAll();
        assertThat(ours(header, header.length + BEHIND.length)).isEqualTo(Outcome.ACCEPTED);
    }

    /** Section 2.2: the family of a LOCAL header is ignored. */
    @Test
    void bothIgnoreTheFamilyOfALocalConnection() {
        byte[] header = ProxyHeaders.v2(0x20, 0xff, new byte[0]);

        assertThat(netty(header, 1)).isEqualTo(Outcome.ACCEPTED);
        assertThat(ours(header, 1)).isEqualTo(Outcome.ACCEPTED);
    }
}
