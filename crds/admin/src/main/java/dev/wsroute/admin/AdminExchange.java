// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The request of a connection, and its response. Each step has a deadline; a connection that misses it is reset. */
final class AdminExchange extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AdminExchange.class);

    /** Bytes of the body that one write to the socket copies. */
    private static final int SLICE = 16 * 1024;

    /** Time for the client to read the response and close; an earlier reset could overtake the response. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private enum State {
        HEAD,
        ANSWER,
        ANSWERED
    }

    private final AdminLimits limits;
    private final SharedState shared;
    private final HeadGuard guard;
    private final SocketChannel channel;
    private final InetAddress client;
    private State state = State.HEAD;
    private boolean bodyless;
    private @Nullable Future<?> deadline;

    AdminExchange(AdminLimits limits, SharedState shared, HeadGuard guard, SocketChannel channel) {
        this.limits = limits;
        this.shared = shared;
        this.guard = guard;
        this.channel = channel;
        InetSocketAddress remote = channel.remoteAddress();
        // Null if the client has already disconnected; then it does not count as local.
        this.client = remote == null ? new InetSocketAddress(0).getAddress() : remote.getAddress();
    }

    InetAddress client() {
        return client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        shared.opened(this);
        within(limits.head(), this::tooSlow);
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
        shared.closed(this);
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (state == State.HEAD && message instanceof HttpRequest request) {
                guard.done();
                requested(request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == HeadGuard.TOO_LARGE && state == State.HEAD) {
            answer(Answer.text(431, "the request head is too large"));
        } else if (event == ChannelInputShutdownReadComplete.INSTANCE && state != State.ANSWER) {
            // A client that ends its stream after a complete request still gets the response.
            channel.close();
        }
    }

    private void requested(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            boolean large = request.decoderResult().cause() instanceof TooLongFrameException;
            answer(large ? Answer.text(431, "the request head is too large") : Answer.text(400, "not an HTTP request"));
            return;
        }
        bodyless = request.method().equals(HttpMethod.HEAD);
        String target = request.uri();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Resource resource = shared.resource(path);
        if (resource == null) {
            answer(Answer.text(404, "no such page; the pages are " + shared.paths()));
        } else if (!bodyless && !request.method().equals(HttpMethod.GET)) {
            answer(Answer.text(405, "only GET and HEAD are allowed"));
        } else if (resource instanceof Resource.Probe probe) {
            answer(probe.answer().get());
        } else if (resource instanceof Resource.Rendered rendered) {
            rendered(rendered, request.headers(), mark < 0 ? null : target.substring(mark + 1));
        }
    }

    private void rendered(Resource.Rendered resource, HttpHeaders headers, @Nullable String query) {
        Answer refusal = resource.access().refusal(requester(headers));
        if (refusal != null) {
            answer(refusal);
            return;
        }
        state = State.ANSWER;
        within(limits.answer(), this::tooSlow);
        shared.pageStarted(this);
        Channel on = channel;
        resource.thread().render(query, on::isActive, answer -> on.eventLoop().execute(() -> answer(answer)));
    }

    private Requester requester(HttpHeaders headers) {
        boolean relayed = headers.contains("Forwarded")
                || headers.contains("X-Forwarded-For")
                || headers.contains(HttpHeaderNames.VIA);
        return new Requester(client, headers.get(HttpHeaderNames.AUTHORIZATION), relayed);
    }

    private void answer(Answer answer) {
        if (state == State.ANSWERED || !channel.isActive()) {
            return;
        }
        guard.done();
        state = State.ANSWERED;
        within(limits.answer(), this::tooSlow);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
        head.headers()
                .set("Content-Type", answer.contentType())
                .set("Content-Length", body.length)
                .set("Cache-Control", HttpHeaderValues.NO_STORE)
                .set("Connection", HttpHeaderValues.CLOSE);
        if (answer.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            head.headers().set("Allow", "GET, HEAD");
        } else if (answer.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
            head.headers().set("WWW-Authenticate", "Bearer");
        }
        channel.write(head);
        for (int at = 0; at < body.length && !bodyless; at += SLICE) {
            channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(body, at, Math.min(SLICE, body.length - at))));
        }
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                .addListener(written -> answered((ChannelFuture) written));
    }

    private void answered(ChannelFuture written) {
        shared.pageEnded(this);
        if (!written.isSuccess() || channel.isInputShutdown()) {
            channel.close();
            return;
        }
        channel.shutdownOutput();
        within(LINGER, channel::close);
    }

    /** Resets the connection in favour of a newer one. */
    void evict() {
        shared.drops().countEviction();
        reset();
    }

    private void tooSlow() {
        shared.drops().countTimeout();
        reset();
    }

    /** Closes with a reset, so that the kernel drops the connection at once. */
    private void reset() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private void within(Duration time, Runnable otherwise) {
        cancelDeadline();
        deadline = channel.eventLoop().schedule(otherwise, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A connection to the admin port failed", cause);
        reset();
    }
}
