// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The sender chooses the overhead per chunk, so many small chunks are combined into one piece. */
class ChunkedBodyTest {

    private final ChunkedBody body = new ChunkedBody(new SectionEnd(() -> new HeadLimits(1000, 10)), Syntax.STRICT);

    @Test
    void tenThousandChunksOfOneByteAreOnePieceWithNothingLost() {
        ByteBuf bytes = bytes("1\r\nx\r\n".repeat(9_999) + "1\r\ny\r\n0\r\n\r\n");

        List<HttpContent> pieces = all(bytes);

        assertThat(pieces).hasSize(2);
        assertThat(text(pieces)).isEqualTo("x".repeat(9_999) + "y");
        assertThat(pieces.get(1)).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
        assertNothingIsHeld(bytes, pieces);
    }

    @Test
    void thePiecesOfMixedChunksKeepTheirOrderAndTheirLimit() {
        StringBuilder sent = new StringBuilder();
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            String chunk = Integer.toString(i).repeat(1 + i * i % 700);
            sent.append(chunk);
            chunks.append(Integer.toHexString(chunk.length()))
                    .append(";e=")
                    .append(i)
                    .append("\r\n");
            chunks.append(chunk).append("\r\n");
        }
        ByteBuf bytes = bytes(chunks + "0\r\nA: b\r\n\r\n");

        List<HttpContent> pieces = all(bytes);

        assertThat(text(pieces)).isEqualTo(sent.toString());
        assertThat(pieces)
                .allSatisfy(piece ->
                        assertThat(piece.content().readableBytes()).isLessThanOrEqualTo(BodyDecoder.MAX_PIECE));
        LastHttpContent last = (LastHttpContent) pieces.get(pieces.size() - 1);
        assertThat(last.content().isReadable()).isFalse();
        assertThat(last.trailingHeaders().get("A")).isEqualTo("b");
        assertNothingIsHeld(bytes, pieces);
    }

    @Test
    void aChunkSplitAtAnyByteIsReadTheSame() {
        String chunks = "3\r\nabc\r\n1;e\r\nd\r\n2\r\nef\r\n0\r\n\r\n";

        for (int cut = 0; cut <= chunks.length(); cut++) {
            ChunkedBody fresh = new ChunkedBody(new SectionEnd(() -> new HeadLimits(1000, 10)), Syntax.STRICT);
            ByteBuf bytes = bytes(chunks.substring(0, cut));
            List<HttpContent> pieces = all(fresh, bytes);
            bytes.writeCharSequence(chunks.substring(cut), StandardCharsets.ISO_8859_1);
            pieces.addAll(all(fresh, bytes));

            assertThat(text(pieces)).as("cut at " + cut).isEqualTo("abcdef");
            assertThat(pieces.get(pieces.size() - 1)).isInstanceOf(LastHttpContent.class);
            assertNothingIsHeld(bytes, pieces);
        }
    }

    @Test
    void bytesBeforeAMalformedChunkAreForwarded() {
        ByteBuf bytes = bytes("1\r\na\r\n1\r\nb\r\nzz\r\n");

        HttpContent piece = Objects.requireNonNull(body.next(bytes));

        assertThat(text(List.of(piece))).isEqualTo("ab");
        assertThatThrownBy(() -> body.next(bytes)).isInstanceOf(MessageFault.class);
        assertNothingIsHeld(bytes, List.of(piece));
    }

    private List<HttpContent> all(ByteBuf bytes) {
        return all(body, bytes);
    }

    private static List<HttpContent> all(ChunkedBody body, ByteBuf bytes) {
        List<HttpContent> pieces = new ArrayList<>();
        HttpContent piece;
        while ((piece = body.next(bytes)) != null) {
            pieces.add(piece);
            if (piece instanceof LastHttpContent) {
                break;
            }
        }
        return pieces;
    }

    private static String text(List<HttpContent> pieces) {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(piece.content().toString(StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void assertNothingIsHeld(ByteBuf bytes, List<HttpContent> pieces) {
        pieces.forEach(HttpContent::release);
        bytes.release();
        assertThat(bytes.refCnt()).isZero();
    }
}
