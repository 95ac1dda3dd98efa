// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.codec.BodyDecoder;
import dev.wsroute.proxy.codec.BodyUntilClose;
import dev.wsroute.proxy.codec.FixedLengthBody;
import dev.wsroute.proxy.codec.HeadLimits;
import dev.wsroute.proxy.codec.MessageDecoder;
import dev.wsroute.proxy.codec.MessageFault;
import dev.wsroute.proxy.codec.StatusLine;
import dev.wsroute.proxy.codec.Syntax;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.memory.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one response, with its interim responses. Stops after the response or a 101; the bytes that follow stay
 * buffered until they are taken.
 */
public final class BackendResponseDecoder extends MessageDecoder {

    /** 64 KiB and 1,000 headers, separately for head and trailers. */
    static final HeadLimits LIMITS = new HeadLimits(65536, 1000);

    /** Maximum number of interim responses, far more than backends send. */
    private static final int MAX_INTERIM = 100;

    private final boolean toHead;
    private int interimResponses;
    private boolean interim;
    private boolean ended;
    private boolean twoFramings;

    /**
     * @param toHead whether the request was a HEAD, so that no body follows
     * @param unfinished budget for incomplete heads
     */
    public BackendResponseDecoder(boolean toHead, MemoryBudget unfinished) {
        super(Syntax.TOLERANT, () -> LIMITS, unfinished);
        this.toHead = toHead;
    }

    @Override
    protected HttpMessage message(byte[] head) {
        StatusLine line = StatusLine.parse(head);
        if (isInterim(line.status()) && ++interimResponses > MAX_INTERIM) {
            throw new MessageFault(MessageFault.Kind.MALFORMED, "it has too many interim responses");
        }
        return new DefaultHttpResponse(line.version(), line.status(), headers(head, line.length()));
    }

    @Override
    protected void checkStartLine(byte[] lines) {
        StatusLine.parse(lines);
    }

    @Override
    protected @Nullable BodyDecoder bodyOf(HttpMessage message) {
        boolean chunked = isChunked(message);
        long length = contentLength(message);
        HttpHeaders headers = message.headers();
        HttpResponseStatus status = ((HttpResponse) message).status();
        if (chunked && length >= 0) {
            // RFC 9112 §6.3: chunked overrides the length, which must not be forwarded.
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            twoFramings = true;
        }
        if (hasNoBody(status)) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            if (status.codeClass() == HttpStatusClass.INFORMATIONAL
                    || status.code() == HttpResponseStatus.NO_CONTENT.code()) {
                // RFC 9110 §8.6: it must not be sent in these.
                headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            }
            return null;
        }
        if (chunked) {
            return chunked();
        }
        if (length < 0) {
            return new BodyUntilClose();
        }
        return length == 0 ? null : new FixedLengthBody(length);
    }

    /**
     * A client that does not know another coding would find a different end of the body. In an HTTP/1.0 response it is
     * faulty framing (RFC 9112 §6.1).
     */
    private static boolean isChunked(HttpMessage message) {
        HttpHeaders headers = message.headers();
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return false;
        }
        String coding = HeaderRules.single(headers, HttpHeaderNames.TRANSFER_ENCODING);
        if (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)
                || !message.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            throw new MessageFault(
                    MessageFault.Kind.MALFORMED, "Transfer-Encoding is not chunked, or the version is not HTTP/1.1");
        }
        return true;
    }

    private boolean hasNoBody(HttpResponseStatus status) {
        return toHead
                || status.codeClass() == HttpStatusClass.INFORMATIONAL
                || status.code() == HttpResponseStatus.NO_CONTENT.code()
                // RFC 9110 §15.3.6: a 205 has no body, whatever its headers say. The client need not wait for the
                // backend to end.
                || status.code() == HttpResponseStatus.RESET_CONTENT.code()
                || status.code() == HttpResponseStatus.NOT_MODIFIED.code();
    }

    @Override
    protected HttpMessage unreadable() {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY, HeaderRules.newHeaders());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) {
        if (ended) {
            return;
        }
        decodeNext(buffer, out);
        for (int i = 0; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpResponse response) {
                interim = isInterim(response);
            }
            if (message instanceof LastHttpContent && !interim) {
                ended = true;
            }
        }
    }

    /** Whether a response declared both a length and chunks, which may be a smuggling attempt (RFC 9112 §6.3). */
    boolean hadTwoFramings() {
        return twoFramings;
    }

    /** Takes the bytes after the response. The caller releases them. */
    public ByteBuf takeUnread() {
        int length = actualReadableBytes();
        return length == 0 ? Unpooled.EMPTY_BUFFER : internalBuffer().readRetainedSlice(length);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (ended) {
            // The superclass would keep reading until it decoded something.
            ctx.channel().config().setAutoRead(false);
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    /** Whether another response head follows this one. */
    public static boolean isInterim(HttpResponse response) {
        return isInterim(response.status());
    }

    private static boolean isInterim(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL
                && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    }

    /** The access log detail for a response that could not be decoded. */
    public static String sentence(Throwable cause) {
        if (!(cause instanceof MessageFault fault)) {
            return "The backend's response is malformed.";
        }
        return fault.kind() == MessageFault.Kind.NO_MEMORY
                ? "The proxy has no memory for the backend's response."
                : "The backend's response is malformed: " + fault.getMessage() + ".";
    }
}
