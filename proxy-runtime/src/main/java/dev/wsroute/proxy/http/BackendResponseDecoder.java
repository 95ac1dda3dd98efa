package dev.wsroute.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes one response. It stops at the end of it, and at a 101: what follows stays unread until it is taken.
 */
public final class BackendResponseDecoder extends HttpResponseDecoder {

    private static final int MAX_HEADER_BYTES = 65536;
    private static final int MAX_CONTENT_BYTES = 65536;

    private static final HttpDecoderConfig CONFIG = new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_CONTENT_BYTES)
            .setAllowDuplicateContentLengths(false);

    private final boolean toHead;
    private boolean interim;
    private boolean ended;

    /**
     * @param toHead the request was a HEAD, so no body follows
     */
    public BackendResponseDecoder(boolean toHead) {
        super(CONFIG);
        this.toHead = toHead;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        // RFC 9112 §4; the codec would take +101 and 0101 for 101.
        if (!hasThreeDigits(initialLine[1])) {
            throw new IllegalArgumentException("A status code has three digits");
        }
        return super.createMessage(initialLine);
    }

    private static boolean hasThreeDigits(String status) {
        for (int i = 0; i < status.length(); i++) {
            if (status.charAt(i) < '0' || status.charAt(i) > '9') {
                return false;
            }
        }
        return status.length() == 3;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (ended) {
            return;
        }
        super.decode(ctx, buffer, out);
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

    /** Takes what was read behind the response; to be released. */
    public ByteBuf takeUnread() {
        return internalBuffer().readRetainedSlice(actualReadableBytes());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (ended) {
            // The superclass would read on until it had decoded something.
            ctx.channel().config().setAutoRead(false);
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return toHead
                || (message instanceof HttpResponse response
                        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL)
                || super.isContentAlwaysEmpty(message);
    }

    /** Whether another response head follows this one. */
    public static boolean isInterim(HttpResponse response) {
        return response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && response.status().code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    }
}
