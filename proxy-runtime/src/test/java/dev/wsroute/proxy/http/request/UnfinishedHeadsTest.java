// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.codec.MessageDecoder;
import dev.wsroute.proxy.codec.MessageFault;
import dev.wsroute.proxy.http.exchange.BackendResponseDecoder;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.snapshot.RequestLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The memory of incomplete heads and trailers is reserved, and released again. */
class UnfinishedHeadsTest {

    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX: 1\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: 1\r\n\r\n";

    private final MemoryBudget budget = new MemoryBudget("unfinished heads", 10_000);

    private RequestDecoder requests() {
        return new RequestDecoder(RequestLimits.DEFAULT::head, budget, () -> {});
    }

    private static EmbeddedChannel channel(MessageDecoder decoder) {
        return new EmbeddedChannel(decoder);
    }

    private static List<HttpObject> read(EmbeddedChannel channel, String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
        List<HttpObject> read = new ArrayList<>();
        for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
            read.add(object);
            ReferenceCountUtil.release(object);
        }
        return read;
    }

    private static MessageFault.Kind fault(List<HttpObject> read) {
        return ((MessageFault) read.get(read.size() - 1).decoderResult().cause()).kind();
    }

    @Test
    void aHeadIsCountedWhileItIsNotWholeAndNoLonger() {
        EmbeddedChannel channel = channel(requests());

        for (char c : HEAD.substring(0, HEAD.length() - 1).toCharArray()) {
            assertThat(read(channel, String.valueOf(c))).isEmpty();
            assertThat(budget.used()).isPositive();
        }
        assertThat(budget.used()).isGreaterThanOrEqualTo(HEAD.length() - 1);

        assertThat(read(channel, "\n")).hasSize(1);
        assertThat(budget.used()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void aHeadInOnePieceIsNotCounted() {
        MemoryBudget full = new MemoryBudget("unfinished heads", 1);
        EmbeddedChannel channel = channel(new RequestDecoder(RequestLimits.DEFAULT::head, full, () -> {}));

        assertThat(read(channel, HEAD).get(0).decoderResult().isSuccess()).isTrue();

        channel.finishAndReleaseAll();
    }

    @Test
    void trailersAreCountedWhileTheyAreNotWhole() {
        RequestDecoder decoder = requests();
        EmbeddedChannel channel = channel(decoder);
        read(channel, HEAD);
        decoder.proceed();

        read(channel, "0\r\nX-Sum: ");
        assertThat(budget.used()).isPositive();

        assertThat(read(channel, "1\r\n\r\n")).hasSize(1);
        assertThat(budget.used()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void theLineBeforeAChunkIsCountedWhileItIsNotWhole() {
        RequestDecoder decoder = requests();
        EmbeddedChannel channel = channel(decoder);
        read(channel, HEAD);
        decoder.proceed();

        read(channel, "5;x");
        assertThat(budget.used()).isPositive();

        read(channel, "\r\n");
        assertThat(budget.used()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void aBackendsHeadAndTrailersAreCountedWhileTheyAreNotWhole() {
        EmbeddedChannel channel = channel(new BackendResponseDecoder(false, budget));

        read(channel, "HTTP/1.1 ");
        assertThat(budget.used()).isPositive();
        read(channel, ANSWER.substring(9));
        assertThat(budget.used()).isZero();
        read(channel, "0\r\nX");
        assertThat(budget.used()).isPositive();
        read(channel, ": 1\r\n\r\n");

        assertThat(budget.used()).isZero();
        channel.finishAndReleaseAll();
    }

    @Test
    void theEndOfAConnectionGivesBackWhatItHeld() {
        EmbeddedChannel leaving = channel(requests());
        EmbeddedChannel refused = channel(requests());
        read(leaving, "GET / HTTP/1.1\r\nHost: ");
        read(refused, "GET / HTTP/1.1\r\nHost: ");

        leaving.finishAndReleaseAll();
        assertThat(fault(read(refused, "a\r\nno header\r\n\r\n"))).isEqualTo(MessageFault.Kind.MALFORMED);

        assertThat(budget.used()).isZero();
        refused.finishAndReleaseAll();
    }

    @Test
    void whatDoesNotFitIsNotKept() {
        EmbeddedChannel first = channel(requests());
        EmbeddedChannel second = channel(requests());
        EmbeddedChannel backend = channel(new BackendResponseDecoder(false, budget));
        read(first, "GET / HTTP/1.1\r\nX: " + "a".repeat(8000));

        assertThat(fault(read(second, "GET / HTTP/1.1\r\nX: " + "a".repeat(8000))))
                .isEqualTo(MessageFault.Kind.NO_MEMORY);
        assertThat(fault(read(backend, "HTTP/1.1 200 OK\r\nX: " + "a".repeat(8000))))
                .isEqualTo(MessageFault.Kind.NO_MEMORY);

        assertThat(budget.used()).isBetween(8000L, 10_000L);
        first.finishAndReleaseAll();
        assertThat(budget.used()).isZero();
        second.finishAndReleaseAll();
        backend.finishAndReleaseAll();
    }
}
