// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.HeaderModifier;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.fuzz.Chunks;
import dev.wsroute.proxy.http.client.ResponseEncoder;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.TrailerRules;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.routing.Grant;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a backend answers to a plain request, the client gets one unambiguous response with the content given by the
 * backend's framing, or no response, or one that visibly ends too early. The result does not depend on how the backend's
 * bytes are split, and all memory reserved for them is released.
 */
public final class ResponseBodyFuzz {

    private static final RequestHead REQUEST = new RequestHead(
            HttpMethod.GET,
            "/page",
            "/page",
            "a",
            "a",
            new DefaultHttpHeaders(),
            true,
            true,
            false,
            ClientInfo.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)),
            "4f1c",
            false,
            Grant.NONE);

    /** Trailers that the rule allows, those that it removes, and those that never pass. */
    private static final List<String> NAMED = List.of("X-Sum", "X-Debug", "Content_Length", "X-Forwarded-For");

    private static final HeaderModifier MODIFIER = new HeaderModifier(List.of(), List.of(), List.of("X-Debug"));

    private final MemoryBudget unfinished = new MemoryBudget("unfinished heads", 1 << 20);
    private final EmbeddedChannel backend = new EmbeddedChannel(new BackendResponseDecoder(false, unfinished));
    private final EmbeddedChannel client = new EmbeddedChannel(new ResponseEncoder());
    private final StringBuilder content = new StringBuilder();
    private @Nullable HttpHeaders received;
    private boolean interim;
    private boolean reset;
    private boolean failed;
    private boolean ended;

    private ResponseBodyFuzz() {}

    public static void check(byte[] data) {
        String first = null;
        for (List<byte[]> pieces : Chunks.of(data)) {
            String outcome = new ResponseBodyFuzz().outcome(pieces);
            first = first == null ? outcome : first;
            assertThat(outcome).isEqualTo(first);
        }
    }

    /** How a client reads it. */
    private String outcome(List<byte[]> pieces) {
        try {
            for (byte[] piece : pieces) {
                backend.writeInbound(Unpooled.wrappedBuffer(piece));
                passOn();
            }
            backend.finish();
            passOn();
            String sent = sent();
            if (sent.isEmpty() || (failed && content.isEmpty())) {
                // Otherwise the proxy answers 502, but only if it sees the fault together with the head.
                return "nothing";
            }
            StrictResponse read = StrictResponse.read(sent);
            // RFC 9110 §15.3.6: a 205 has no content.
            assertThat(read.content()).isEqualTo(reset ? "" : content.toString());
            assertThat(read.whole()).isEqualTo(ended || reset);
            return read.toString();
        } finally {
            backend.finishAndReleaseAll();
            client.finishAndReleaseAll();
            assertThat(unfinished.used()).isZero();
        }
    }

    private void passOn() {
        for (Object message = backend.readInbound(); message != null; message = backend.readInbound()) {
            HttpObject object = (HttpObject) message;
            if (failed || ended || object.decoderResult().isFailure()) {
                failed |= !ended;
                ReferenceCountUtil.release(message);
            } else if (object instanceof HttpResponse response) {
                head(response);
            } else {
                content((HttpContent) object);
            }
        }
    }

    private void head(HttpResponse response) {
        interim = BackendResponseDecoder.isInterim(response);
        if (interim) {
            return;
        }
        received = response.headers();
        reset = response.status().code() == 205;
        HttpHeaders headers = HeaderRules.towardsClient(response.headers());
        HttpResponse passed = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), headers);
        if (response.status().code() == 101) {
            // Never passed on to a plain request.
            failed = true;
            return;
        }
        boolean untilClose = ResponseRelay.frame(passed, response, REQUEST);
        assertThat(untilClose).isFalse();
        client.writeOutbound(passed);
    }

    private void content(HttpContent piece) {
        if (interim) {
            piece.release();
            return;
        }
        content.append(piece.content().toString(ISO_8859_1));
        ended = piece instanceof LastHttpContent;
        HttpHeaders head = Objects.requireNonNull(received);
        client.writeOutbound(TrailerRules.filtered(piece, TrailerRules.passing(NAMED, MODIFIER, head)));
    }

    private String sent() {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf bytes = client.readOutbound(); bytes != null; bytes = client.readOutbound()) {
            sent.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }
        return sent.toString();
    }
}
