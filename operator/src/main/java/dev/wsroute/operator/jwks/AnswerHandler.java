// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the answer, as far as it may be read. Says of it only what is not the server's own words. */
final class AnswerHandler extends SimpleChannelInboundHandler<HttpObject> {

    static final int MAX_BODY = 64 * 1024;
    static final String TOO_LARGE = "the answer is larger than 64 kB";

    private static final Logger LOG = LoggerFactory.getLogger(AnswerHandler.class);

    private final FetchExchange exchange;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean interim;
    private @Nullable Duration maxAge;

    AnswerHandler(FetchExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) throws IOException {
        if (message.decoderResult().isFailure()) {
            exchange.fail(Reason.ANSWER, "the answer is not HTTP/1.1");
            return;
        }
        if (message instanceof HttpResponse response) {
            begin(response);
        }
        if (message instanceof HttpContent content && !interim) {
            int bytes = content.content().readableBytes();
            if (body.size() + bytes > MAX_BODY) {
                exchange.fail(Reason.ANSWER, TOO_LARGE);
                return;
            }
            content.content().readBytes(body, bytes);
            if (content instanceof LastHttpContent) {
                complete();
            }
        }
    }

    private void begin(HttpResponse response) {
        int status = response.status().code();
        interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && status != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        if (interim) {
            return;
        }
        String encoding = response.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (response.status().codeClass() == HttpStatusClass.REDIRECTION) {
            exchange.fail(Reason.ANSWER, "the host answers with status " + status + ", and redirects are not followed");
        } else if (status != HttpResponseStatus.OK.code()) {
            exchange.fail(Reason.ANSWER, "the host answers with status " + status);
        } else if (!encoding.equalsIgnoreCase("identity")) {
            exchange.fail(Reason.ANSWER, "the answer is compressed, which was not asked for");
        } else if (HttpUtil.getContentLength(response, 0L) > MAX_BODY) {
            exchange.fail(Reason.ANSWER, TOO_LARGE);
        }
        maxAge = CacheControl.maxAge(
                response.headers().getAll(HttpHeaderNames.CACHE_CONTROL),
                response.headers().get(HttpHeaderNames.AGE));
    }

    private void complete() {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.toByteArray()))
                    .toString();
            exchange.end(new Answered(text, maxAge));
        } catch (CharacterCodingException e) {
            LOG.debug("The answer is not UTF-8", e);
            exchange.fail(Reason.ANSWER, "the answer is not text in UTF-8");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        exchange.fail(Reason.ANSWER, "the host closed the connection before its answer was complete");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("The exchange failed", cause);
        exchange.fail(Reason.ANSWER, "the connection broke before the answer was complete");
    }
}
