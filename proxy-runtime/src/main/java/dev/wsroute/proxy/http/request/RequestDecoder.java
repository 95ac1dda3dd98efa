// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import dev.wsroute.proxy.codec.BodyDecoder;
import dev.wsroute.proxy.codec.FixedLengthBody;
import dev.wsroute.proxy.codec.HeadLimits;
import dev.wsroute.proxy.codec.MessageDecoder;
import dev.wsroute.proxy.codec.RequestLine;
import dev.wsroute.proxy.codec.Syntax;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request at a time. It stops after a head and after the end of a request until it is resumed, and keeps at
 * most one read's worth of bytes meanwhile. So neither pipelined requests nor early bytes of a WebSocket client
 * accumulate, and these bytes can be taken undecoded.
 */
public final class RequestDecoder extends MessageDecoder {

    private final Runnable firstByte;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Account early;
    private boolean stopped;
    private boolean reading;
    private boolean betweenRequests;
    private boolean headBegun;
    private boolean inBody;

    /**
     * @param limits limits of a request head and of its trailers
     * @param unfinished budget for incomplete heads
     * @param firstByte called when a further request begins to arrive; for the first one see {@link #notifyFirstByte}
     */
    public RequestDecoder(Supplier<HeadLimits> limits, MemoryBudget unfinished, Runnable firstByte) {
        super(Syntax.STRICT, limits, unfinished);
        this.firstByte = firstByte;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Accounts for bytes that arrive before they are wanted. */
    public void setAccount(Account account) {
        early = account;
    }

    /** Resumes with the body or the next request. */
    public void proceed() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ctx.isRemoved()) {
            return;
        }
        stopped = false;
        releaseEarly();
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

    private void releaseEarly() {
        if (early != null) {
            early.hold(0);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        releaseEarly();
        super.handlerRemoved0(ctx);
    }

    /** Takes the bytes after the request. The caller releases them. */
    public ByteBuf takeUnread() {
        int length = actualReadableBytes();
        return length == 0 ? Unpooled.EMPTY_BUFFER : internalBuffer().readRetainedSlice(length);
    }

    /** Whether a request head is incomplete. */
    public boolean headBegun() {
        return headBegun;
    }

    /** Also calls back when the first request begins to arrive. */
    public void notifyFirstByte() {
        betweenRequests = true;
    }

    /** Resumes with the next request. */
    public void nextRequest() {
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
            if (early != null && !early.hold(internalBuffer().capacity())) {
                Containment.reset(ctx.channel());
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (stopped) {
            // The superclass would keep reading until it decoded something.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) {
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
        decodeNext(buffer, out);
        if (!out.isEmpty()) {
            headBegun = false;
            inBody = !(out.get(out.size() - 1) instanceof LastHttpContent);
            stopped = !inBody || out.get(0) instanceof HttpRequest;
        }
    }

    @Override
    protected HttpMessage message(byte[] head) {
        RequestLine line = RequestLine.parse(head);
        return new DefaultHttpRequest(
                line.version(), line.method(), line.target(), headers(head, line.length()), false);
    }

    @Override
    protected void checkStartLine(byte[] lines) {
        RequestLine.parse(lines);
    }

    /** RFC 9112 §6.3. {@link RequestCheck} makes all further checks of the framing. */
    @Override
    protected @Nullable BodyDecoder bodyOf(HttpMessage request) {
        long length = contentLength(request);
        if (HttpUtil.isTransferEncodingChunked(request)) {
            if (length >= 0) {
                throw new IllegalArgumentException("Both Content-Length and Transfer-Encoding");
            }
            return chunked();
        }
        return length > 0 ? new FixedLengthBody(length) : null;
    }

    @Override
    protected HttpMessage unreadable() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", HeaderRules.newHeaders(), false);
    }
}
