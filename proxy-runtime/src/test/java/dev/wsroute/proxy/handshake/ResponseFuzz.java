// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.fuzz.Chunks;
import dev.wsroute.proxy.http.exchange.BackendResponseDecoder;
import dev.wsroute.proxy.http.exchange.ResponseBodyFuzz;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.routing.Grant;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a backend answers to a handshake, a tunnel opens only after a 101 with the right {@code Sec-WebSocket-Accept}.
 * Bytes after it are forwarded unchanged, however they are split. For responses to plain requests see {@link
 * ResponseBodyFuzz}.
 */
public final class ResponseFuzz {

    private static final RequestHead REQUEST = new RequestHead(
            HttpMethod.GET,
            "/chat",
            "/chat",
            "a",
            "a",
            new DefaultHttpHeaders()
                    .set("Sec-WebSocket-Key", TestProxy.KEY)
                    .set("Sec-WebSocket-Protocol", "a, b")
                    .set("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
            true,
            true,
            false,
            ClientInfo.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)),
            "4f1c",
            true,
            Grant.NONE);

    private ResponseFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String first = null;
        for (List<byte[]> pieces : Chunks.of(data)) {
            String outcome = outcome(pieces);
            if (first == null) {
                first = outcome;
                if (outcome.startsWith("open ")) {
                    isAnAnswer(new String(data, ISO_8859_1), outcome.substring(5));
                }
            }
            // A refusal whose body is malformed from its start is, if that is at hand with the head.
            if (!isRefusal(first) || !isRefusal(outcome)) {
                assertThat(outcome).isEqualTo(first);
            }
        }
        ResponseBodyFuzz.check(data);
    }

    private static boolean isRefusal(String outcome) {
        return outcome.equals("malformed") || outcome.matches("(?s)[1-9][0-9]{2} .*");
    }

    private static String outcome(List<byte[]> pieces) {
        EmbeddedChannel channel =
                new EmbeddedChannel(new BackendResponseDecoder(false, new MemoryBudget("unfinished heads", 1 << 20)));
        try {
            List<byte[]> unread = new ArrayList<>(pieces);
            String outcome = null;
            while (outcome == null && !unread.isEmpty()) {
                channel.writeInbound(Unpooled.wrappedBuffer(unread.remove(0)));
                outcome = outcome(channel);
            }
            return "open".equals(outcome) ? "open " + behind(channel, unread) : outcome == null ? "" : outcome;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** Does the same as the handler; null if more input is needed. */
    private static @Nullable String outcome(EmbeddedChannel channel) {
        boolean switching = false;
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            try {
                HttpObject object = (HttpObject) message;
                if (object.decoderResult().isFailure()) {
                    return "malformed";
                }
                if (object instanceof HttpResponse response && !BackendResponseDecoder.isInterim(response)) {
                    isOneHead(response);
                    if (response.status().code() != 101) {
                        return response.status().toString();
                    }
                    String fault = UpgradeResponseCheck.fault(REQUEST, response);
                    if (fault != null) {
                        return fault;
                    }
                    switching = true;
                } else if (switching && object instanceof LastHttpContent) {
                    return "open";
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
        return switching ? "open without end" : null;
    }

    /** No forwarded header splits the response in two. */
    private static void isOneHead(HttpResponse response) {
        for (Map.Entry<String, String> header : HeaderRules.towardsClient(response.headers())) {
            assertThat(header.getKey())
                    .doesNotContainPattern("[\\x00-\\x20:\\x7f]")
                    .isNotEmpty();
            assertThat(header.getValue()).doesNotContainPattern("[\\r\\n\\x00]");
        }
        assertThat(response.status().reasonPhrase()).doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
        assertThat(response.status().code()).isBetween(100, 999);
        for (String coding : response.headers().getAll("Transfer-Encoding")) {
            assertThat(coding).isEqualToIgnoringCase("chunked");
            assertThat(response.headers().contains("Content-Length")).isFalse();
        }
    }

    private static String behind(EmbeddedChannel channel, List<byte[]> unread) {
        channel.pipeline().remove(BackendResponseDecoder.class);
        unread.forEach(piece -> channel.writeInbound(Unpooled.wrappedBuffer(piece)));
        StringBuilder bytes = new StringBuilder();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof ByteBuf buffer) {
                bytes.append(buffer.toString(ISO_8859_1));
            }
            ReferenceCountUtil.release(message);
        }
        return bytes.toString();
    }

    private static void isAnAnswer(String received, String behind) {
        assertThat(received).endsWith(behind);
        String head = received.substring(0, received.length() - behind.length());
        assertThat(head)
                .containsPattern("\n\r?\n$")
                // Any version is taken for HTTP/1.1: docs/compatibility.md, "a status line of HTTP/2.0".
                .containsPattern("HTTP/[1-9]\\.[0-9][ \\t]+101")
                .contains(TestProxy.ACCEPT);
    }
}
