package dev.wsroute.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request at a time: after a head, and after the end of a request, it stops until it is told to go on, and
 * keeps what it has read meanwhile, at most one read's worth. So neither pipelined requests nor the early bytes of a
 * WebSocket client pile up, and these bytes can be taken unread.
 */
final class RequestDecoder extends HttpRequestDecoder {

    private static final int MAX_CONTENT_BYTES = 65536;

    private final int maxHeaderBytes;
    private final Runnable firstByte;
    private @Nullable ChannelHandlerContext context;
    private boolean stopped;
    private boolean reading;
    private boolean betweenRequests;
    private boolean headBegun;
    private boolean inBody;
    private int headBytes;

    /**
     * @param maxHeaderBytes of a whole request head
     * @param firstByte called when a further request begins to arrive
     */
    RequestDecoder(int maxHeaderBytes, Runnable firstByte) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(MAX_CONTENT_BYTES)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true));
        this.maxHeaderBytes = maxHeaderBytes;
        this.firstByte = firstByte;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Goes on with the body, or with the next request. */
    void proceed() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ctx.isRemoved()) {
            return;
        }
        stopped = false;
        ctx.channel().config().setAutoRead(true);
        if (!reading && actualReadableBytes() > 0) {
            try {
                channelRead(ctx, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                ctx.fireExceptionCaught(e);
            }
            ctx.fireChannelReadComplete();
        }
    }

    /** Takes what was read behind the request; to be released. */
    ByteBuf takeUnread() {
        return internalBuffer().readRetainedSlice(actualReadableBytes());
    }

    /** Some bytes of a request head have come, but not all. */
    boolean headBegun() {
        return headBegun;
    }

    /** Goes on with the next request. */
    void nextRequest() {
        betweenRequests = true;
        proceed();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        boolean outermost = !reading;
        reading = true;
        try {
            super.channelRead(ctx, message);
        } finally {
            if (outermost) {
                reading = false;
            }
        }
        if (stopped && !ctx.isRemoved() && actualReadableBytes() > 0) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (stopped) {
            // The superclass would read on until it had decoded something.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (stopped) {
            return;
        }
        if (!inBody && !headBegun) {
            headBegun = true;
            if (betweenRequests) {
                betweenRequests = false;
                firstByte.run();
            }
        }
        int start = buffer.readerIndex();
        super.decode(ctx, buffer, out);
        if (!inBody) {
            headBytes += buffer.readerIndex() - start;
        }
        if (!out.isEmpty()) {
            if (headBytes > maxHeaderBytes
                    && out.get(0) instanceof HttpRequest request
                    && request.decoderResult().isSuccess()) {
                // The superclass limits the request line and the headers each.
                request.setDecoderResult(DecoderResult.failure(new TooLongHttpHeaderException("Too long")));
            }
            headBytes = 0;
            headBegun = false;
            inBody = !(out.get(out.size() - 1) instanceof LastHttpContent);
            stopped = !inBody || out.get(0) instanceof HttpRequest;
        }
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("Both Content-Length and Transfer-Encoding");
    }
}
