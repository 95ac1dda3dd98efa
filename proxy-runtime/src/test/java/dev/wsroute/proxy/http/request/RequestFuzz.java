// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.HeaderModifier;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.codec.HeadLimits;
import dev.wsroute.proxy.fuzz.Chunks;
import dev.wsroute.proxy.handshake.UpgradeRequestCheck;
import dev.wsroute.proxy.http.exchange.BackendRequestEncoder;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.TrailerRules;
import dev.wsroute.proxy.memory.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a client sends, what the backend receives is unambiguous (head, body and trailers) and does not depend on how the
 * input was split. All reserved memory is released.
 */
public final class RequestFuzz {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 1);
    /** More than an input has. Messages to which the proxy has added headers may exceed the limit and are not parsed again. */
    private static final HeadLimits LIMITS = new HeadLimits(32_768, 10_000);

    /** Trailers that the rule allows, those that it removes, and those that never pass. */
    private static final List<String> NAMED = List.of("X-Sum", "X-Debug", "Content_Length", "X-Forwarded-For");

    private static final HeaderModifier MODIFIER = new HeaderModifier(List.of(), List.of(), List.of("X_Debug"));

    private static final Pattern REQUEST_LINE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\\x00-\\x20\\x7f]+ HTTP/1\\.1");
    /** Spaces around a value are not part of it. An empty folded line leaves one after the value, which is harmless. */
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\\t\\x20-\\x7e\\x80-\\xff]*");

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String first = null;
        for (List<byte[]> pieces : Chunks.of(data)) {
            MemoryBudget unfinished = new MemoryBudget("unfinished heads", 1 << 20);
            String outcome = outcome(pieces, unfinished);
            if (first == null) {
                first = outcome;
                isUnambiguous(outcome);
            }
            assertThat(outcome).isEqualTo(first);
            assertThat(unfinished.used()).isZero();
        }
        String body = null;
        for (List<byte[]> pieces : Chunks.of(data)) {
            String read = body(pieces);
            body = body == null ? read : body;
            assertThat(read).isEqualTo(body);
        }
    }

    /** The head that the backend receives, or the status that the proxy answers, or nothing if the head is incomplete. */
    private static String outcome(List<byte[]> pieces, MemoryBudget unfinished) {
        EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(() -> LIMITS, unfinished, () -> {}));
        try {
            for (byte[] piece : pieces) {
                channel.writeInbound(Unpooled.wrappedBuffer(piece));
                Object message = channel.readInbound();
                if (message instanceof HttpRequest request) {
                    return outcome(request);
                }
                ReferenceCountUtil.release(message);
            }
            return "";
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** The content and trailers that a backend receives, without the framing, which may differ. */
    private static String body(List<byte[]> pieces) {
        MemoryBudget unfinished = new MemoryBudget("unfinished heads", 1 << 20);
        RequestDecoder decoder = new RequestDecoder(() -> LIMITS, unfinished, () -> {});
        EmbeddedChannel channel = new EmbeddedChannel(decoder);
        StringBuilder body = new StringBuilder();
        try {
            HttpHeaders head = null;
            boolean ended = false;
            for (int i = 0; i < pieces.size() && !ended; i++) {
                channel.writeInbound(Unpooled.wrappedBuffer(pieces.get(i)));
                if (head == null && channel.readInbound() instanceof HttpRequest request) {
                    head = request.headers();
                    ended = request.decoderResult().isFailure() || append(body, channel, head);
                    if (!ended) {
                        decoder.proceed();
                    }
                }
                ended = ended || (head != null && append(body, channel, head));
            }
            return body.toString();
        } finally {
            channel.finishAndReleaseAll();
            assertThat(unfinished.used()).isZero();
        }
    }

    /** @return whether the body has ended */
    private static boolean append(StringBuilder body, EmbeddedChannel channel, HttpHeaders head) {
        boolean ended = false;
        while (!ended && channel.readInbound() instanceof HttpContent piece) {
            ended = piece instanceof LastHttpContent;
            append(body, piece, head);
        }
        return ended;
    }

    private static void append(StringBuilder body, HttpContent piece, HttpHeaders head) {
        if (piece.decoderResult().isFailure()) {
            piece.release();
            body.append("malformed");
            return;
        }
        HttpContent passed = TrailerRules.filtered(piece, TrailerRules.passing(NAMED, MODIFIER, head));
        body.append(passed.content().toString(ISO_8859_1));
        if (passed instanceof LastHttpContent last) {
            for (Map.Entry<String, String> trailer : last.trailingHeaders()) {
                assertThat(trailer.getKey()).isEqualToIgnoringCase("X-Sum");
                assertThat(trailer.getValue()).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
                body.append(trailer);
            }
        }
        passed.release();
    }

    private static String outcome(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Integer.toString(
                    RequestCheck.unreadable(request.decoderResult().cause())
                            .status()
                            .code());
        }
        try {
            RequestHead head = RequestCheck.check(request, ClientInfo.of(CLIENT));
            HttpHeaders headers = HeaderRules.towardsBackend(head, 80);
            // New for each request.
            headers.remove("X-Request-Id");
            if (head.upgradesToWebSocket()) {
                UpgradeRequestCheck.check(head);
                headers.set("upgrade", "websocket").set("connection", "upgrade");
            } else {
                headers.set("connection", "close");
            }
            return encoded(new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), head.target(), headers));
        } catch (RequestRejectedException e) {
            return Integer.toString(e.rejection().status().code());
        }
    }

    private static String encoded(HttpRequest request) {
        EmbeddedChannel channel = new EmbeddedChannel(new BackendRequestEncoder());
        try {
            channel.writeOutbound(request);
            ByteBuf bytes = channel.readOutbound();
            String text = bytes.toString(ISO_8859_1);
            bytes.release();
            return text;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static void isUnambiguous(String outcome) {
        if (outcome.length() <= 3) {
            return;
        }
        assertThat(outcome).endsWith("\r\n\r\n");
        String[] lines = outcome.substring(0, outcome.length() - 4).split("\r\n", -1);
        assertThat(lines[0]).matches(REQUEST_LINE);
        int hosts = 0;
        int lengths = 0;
        int encodings = 0;
        for (int i = 1; i < lines.length; i++) {
            assertThat(lines[i]).matches(HEADER);
            String line = lines[i].toLowerCase(Locale.ROOT);
            hosts += line.startsWith("host:") ? 1 : 0;
            lengths += line.startsWith("content-length:") ? 1 : 0;
            encodings += line.startsWith("transfer-encoding:") ? 1 : 0;
            assertThat(line).doesNotStartWith("x_forwarded_").doesNotStartWith("keep-alive:");
        }
        assertThat(hosts).isLessThanOrEqualTo(1);
        assertThat(lengths + encodings).isLessThanOrEqualTo(1);
        isReadTheSameAgain(outcome, hosts == 1);
    }

    private static void isReadTheSameAgain(String outcome, boolean hasHost) {
        if (hasHost) {
            String again =
                    outcome(List.of(outcome.getBytes(ISO_8859_1)), new MemoryBudget("unfinished heads", 1 << 20));
            assertThat(again.lines().findFirst()).isEqualTo(outcome.lines().findFirst());
            assertThat(host(again)).isEqualTo(host(outcome));
        }
    }

    private static @Nullable String host(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("host:"))
                .findFirst()
                .orElse(null);
    }
}
