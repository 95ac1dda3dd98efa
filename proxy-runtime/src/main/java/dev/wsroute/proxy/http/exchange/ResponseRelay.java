package dev.wsroute.proxy.http.exchange;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.client.ClientConnection;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.TrailerRules;
import dev.wsroute.proxy.memory.Eviction;
import dev.wsroute.proxy.routing.ActiveRule;
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

/** Last in a backend's pipeline: writes its response to the client piece by piece, at the client's pace. */
public final class ResponseRelay extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseRelay.class);

    /** Hears how the response goes. */
    public interface Listener {

        /** The backend goes on with the request: an interim head has come. */
        default void interimCame() {}

        /** A piece of the response has come. */
        default void progressed() {}

        /**
         * The final head has come.
         *
         * @param towardsClient the headers that will be passed on, and may be added to
         */
        void responseHeadCame(int status, HttpHeaders towardsClient);

        /** The response was passed on to its end; the backend's connection is done with. */
        void responsePassed();

        /** The backend ended or broke the response before its end. */
        void responseBroken(String sentence);

        /** The backend takes more of the request's body, or no more for now. */
        void backendWritabilityChanged(boolean writable);
    }

    private final ClientConnection client;
    private final RequestHead request;
    private final ActiveRule rule;
    private final Listener listener;
    private boolean interim;
    private boolean done;
    private HttpHeaders received = EmptyHttpHeaders.INSTANCE;
    private @Nullable Channel backend;

    public ResponseRelay(ClientConnection client, RequestHead request, ActiveRule rule, Listener listener) {
        this.client = client;
        this.request = request;
        this.rule = rule;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        backend = ctx.channel();
    }

    /** Nothing is passed on any more. */
    public void stop() {
        done = true;
    }

    /** The client takes more, or no more for now. */
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
            listener.interimCame();
            listener.progressed();
            client.interim(response);
            return;
        }
        if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            broken("The backend switched protocols unasked.");
            return;
        }
        received = response.headers();
        HttpHeaders headers = HeaderRules.towardsClient(received);
        listener.responseHeadCame(response.status().code(), headers);
        if (response.status().code() == HttpResponseStatus.UPGRADE_REQUIRED.code()
                && response.headers().contains(HttpHeaderNames.UPGRADE)) {
            // RFC 9110 §15.5.22: it says what to upgrade to.
            headers.set(FieldNames.UPGRADE, response.headers().get(HttpHeaderNames.UPGRADE));
            headers.set(FieldNames.CONNECTION, FieldNames.CONNECTION_UPGRADE);
        }
        HttpResponse passed = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), headers);
        boolean closeDelimited = frame(passed, response, request);
        if (HttpUtil.isTransferEncodingChunked(passed)) {
            TrailerRules.announceToClient(headers, rule, received);
        }
        if (ctx.pipeline().get(BackendResponseDecoder.class).hadTwoFramings()) {
            // Whoever takes it for an attack on what follows is not given anything to follow.
            client.closeAfterResponse();
        }
        client.respond(passed, closeDelimited);
    }

    /**
     * Sets the framing towards the client, whatever the backend's was.
     *
     * @return whether only the connection's end tells the body's
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
            listener.responseBroken(sentence);
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
            // Where writing failed, a response may be there to be read yet; where reading did, the channel closes.
            LOG.debug("A backend's connection broke", cause);
            return;
        }
        // The client may be waiting for the result of this event.
        Containment.failed(client.channel(), FailurePoint.HANDLER, cause);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken("The backend closed the connection.");
    }
}
