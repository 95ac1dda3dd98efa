// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.client.DownstreamConnection;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.TrailerRules;
import dev.wsroute.proxy.memory.Eviction;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.tls.BackendTlsException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last handler in a backend's pipeline: streams the response to the client, with backpressure. */
public final class ResponseRelay extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseRelay.class);

    /** Receives the progress of the response. */
    public interface ResponseListener {

        /** An interim response was received. */
        default void interimReceived() {}

        /** A piece of the response was received. */
        default void progressed() {}

        /**
         * The final head was received.
         *
         * @param towardsClient the headers for the client, which may be extended
         */
        void responseHeadCame(int status, HttpHeaders towardsClient);

        /** The response was forwarded completely. The backend's connection is no longer needed. */
        void responsePassed();

        /**
         * The backend aborted the response.
         *
         * @param detail for the access log
         */
        void responseBroken(String sentence, String detail);

        /** The writability of the backend's connection has changed. */
        void backendWritabilityChanged(boolean writable);
    }

    private final DownstreamConnection client;
    private final RequestHead request;
    private final ActiveRule rule;
    private final ResponseListener listener;
    private boolean interim;
    private boolean done;
    private HttpHeaders received = EmptyHttpHeaders.INSTANCE;
    private @Nullable Channel backend;
    /** Why TLS with the backend failed, for the access log. */
    private @Nullable String tlsFailure;

    public ResponseRelay(DownstreamConnection client, RequestHead request, ActiveRule rule, ResponseListener listener) {
        this.client = client;
        this.request = request;
        this.rule = rule;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        backend = ctx.channel();
    }

    /** Stops forwarding. */
    public void stop() {
        done = true;
    }

    /** The writability of the client's connection has changed. */
    public void readMore(boolean more) {
        Channel channel = backend;
        if (channel != null && !done) {
            channel.config().setAutoRead(more);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpObject object = (HttpObject) message;
        if (done) {
            ReferenceCountUtil.release(message);
        } else if (object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            broken(BackendResponseDecoder.sentence(object.decoderResult().cause()));
        } else if (object instanceof HttpResponse response) {
            head(ctx, response);
        } else if (object instanceof HttpContent content) {
            content(content);
        }
    }

    private void head(ChannelHandlerContext ctx, HttpResponse response) {
        interim = BackendResponseDecoder.isInterim(response);
        if (interim) {
            listener.interimReceived();
            listener.progressed();
            client.interim(response);
            return;
        }
        if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            broken("The backend sent an unexpected 101.");
            return;
        }
        received = response.headers();
        HttpHeaders headers = HeaderRules.towardsClient(received);
        listener.responseHeadCame(response.status().code(), headers);
        if (response.status().code() == HttpResponseStatus.UPGRADE_REQUIRED.code()
                && response.headers().contains(HttpHeaderNames.UPGRADE)) {
            // RFC 9110 §15.5.22: Upgrade lists the required protocols.
            headers.set(FieldNames.UPGRADE, response.headers().get(HttpHeaderNames.UPGRADE));
            headers.set(FieldNames.CONNECTION, FieldNames.CONNECTION_UPGRADE);
        }
        HttpResponse passed = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), headers);
        boolean closeDelimited = frame(passed, response, request);
        if (HttpUtil.isTransferEncodingChunked(passed)) {
            TrailerRules.announceToClient(headers, rule, received);
        }
        if (ctx.pipeline().get(BackendResponseDecoder.class).hadTwoFramings()) {
            // Close after it, in case it is a smuggling attempt.
            client.closeAfterResponse();
        }
        client.respond(passed, closeDelimited);
    }

    /**
     * Sets the framing for the client, independent of the backend's.
     *
     * @return whether the end of the connection ends the body
     */
    static boolean frame(HttpResponse passed, HttpResponse received, RequestHead request) {
        int code = received.status().code();
        if (code == 204 || code == 304 || request.method().name().equals("HEAD")) {
            return false;
        }
        boolean chunked = HttpUtil.isTransferEncodingChunked(received);
        if (!chunked && passed.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return false;
        }
        passed.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        passed.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (!request.http11()) {
            return true;
        }
        passed.headers().set(FieldNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        return false;
    }

    private void content(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        if (interim) {
            content.release();
            interim = !last;
            return;
        }
        client.respond(TrailerRules.towardsClient(content, rule, received));
        listener.progressed();
        if (last) {
            done = true;
            listener.responsePassed();
        }
    }

    private void broken(String sentence) {
        if (!done) {
            done = true;
            String detail = tlsFailure;
            listener.responseBroken(sentence, detail == null ? sentence : detail);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!done) {
            client.channel().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        listener.backendWritabilityChanged(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Eviction.EVENT) {
            client.evicted();
        } else if (event instanceof ChannelInputShutdownEvent) {
            broken("The backend closed the connection.");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // After a failed write, a response may still be readable. After a failed read, the channel closes.
            LOG.debug("A backend connection failed", cause);
            tlsFailure = BackendTlsException.sentence(cause);
            return;
        }
        // This event may have to resume reading from the client.
        Containment.failed(client.channel(), FailurePoint.HANDLER, cause);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken("The backend closed the connection.");
    }
}
