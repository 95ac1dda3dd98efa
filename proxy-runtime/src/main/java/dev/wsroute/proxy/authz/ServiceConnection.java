// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.codec.MessageFault;
import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.Deadline;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.http.exchange.BackendRequestEncoder;
import dev.wsroute.proxy.http.exchange.BackendResponseDecoder;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.routing.EndpointLease;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;

/**
 * A connection to the service, for one subrequest after another. The decision is in the head of a response; the body is read and
 * dropped, up to {@value #LONGEST_BODY} bytes. Confined to one event loop.
 */
final class ServiceConnection extends ChannelInboundHandlerAdapter {

    /** A longer body costs more than a new connection. */
    static final int LONGEST_BODY = 65536;

    /** Receives what becomes of subrequests: one call of the first three for each. */
    interface Owner {

        /** The head of the final response. */
        void answered(ServiceConnection connection, HttpResponse response);

        /** The connection ended before a byte of the response arrived. The service may have closed it for idleness. */
        void lost(ServiceConnection connection);

        /** The response is malformed, or ended too early. The connection is being closed. */
        void broken(ServiceConnection connection);

        /** The response has been read; the connection can take another subrequest. */
        void free(ServiceConnection connection);

        /** The connection is closed. */
        void closed(ServiceConnection connection);
    }

    private static final String DECODER = "decoder";

    private final Channel channel;
    private final EndpointLease lease;
    private final MemoryBudget heads;
    private final Owner owner;
    private final Deadline deadline;
    private boolean asking;
    private boolean responding;
    private boolean answered;
    private boolean interim;
    private boolean reusable;
    private boolean used;
    private boolean ended;
    private boolean starved;
    private int bodyBytes;

    /**
     * @param channel connected, with no handlers but those of TLS
     * @param heads budget for unfinished heads
     */
    ServiceConnection(Channel channel, EndpointLease lease, MemoryBudget heads, Owner owner) {
        this.channel = channel;
        this.lease = lease;
        this.heads = heads;
        this.owner = owner;
        this.deadline = new Deadline(channel);
        channel.pipeline().addLast(DECODER, decoder()).addLast(this);
        Containment.whenDone(channel.closeFuture(), channel, closed -> {
            end(false);
            lease.release();
            owner.closed(this);
        });
    }

    private BackendResponseDecoder decoder() {
        return new BackendResponseDecoder(false, heads);
    }

    /** Whether it has carried a subrequest before the current one. */
    boolean isUsed() {
        return used;
    }

    /** Whether the proxy had no memory for the response. */
    boolean isStarved() {
        return starved;
    }

    EndpointLease lease() {
        return lease;
    }

    /** Sends a subrequest, once the connection is free. */
    void ask(String path, Subrequest subrequest) {
        deadline.cancel();
        asking = true;
        responding = false;
        interim = false;
        reusable = false;
        bodyBytes = 0;
        HttpHeaders headers = subrequest.headers().copy();
        headers.set(
                FieldNames.HOST,
                subrequest.host().isEmpty() ? lease.endpoint().address().getHostString() : subrequest.host());
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path, headers);
        channel.writeAndFlush(BackendRequestEncoder.head(channel.alloc(), request), channel.voidPromise());
        channel.config().setAutoRead(true);
    }

    /** Waits for the next subrequest, but not for longer. */
    void idle(Duration longest) {
        deadline.arm(longest, this::close);
    }

    /** Waits for the rest of a response, but not for longer. */
    void finishWithin(Duration longest) {
        if (!ended && asking) {
            deadline.arm(longest, this::close);
        }
    }

    void close() {
        channel.close();
    }

    boolean isOpen() {
        return !ended && channel.isActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        HttpObject object = (HttpObject) message;
        if (!asking || object.decoderResult().isFailure()) {
            // Also what nobody asked for.
            starved = object.decoderResult().cause() instanceof MessageFault fault
                    && fault.kind() == MessageFault.Kind.NO_MEMORY;
            ReferenceCountUtil.release(message);
            end(true);
        } else if (object instanceof HttpResponse response) {
            head(response);
        } else if (object instanceof HttpContent content) {
            content(content);
        }
    }

    private void head(HttpResponse response) {
        responding = true;
        interim = BackendResponseDecoder.isInterim(response);
        if (interim) {
            return;
        }
        if (response.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            end(true);
            return;
        }
        reusable = HttpUtil.isKeepAlive(response);
        lease.answered(response.status().code());
        answered = true;
        owner.answered(this, response);
    }

    private void content(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        bodyBytes += content.content().readableBytes();
        content.release();
        if (interim) {
            interim = !last;
        } else if (bodyBytes > LONGEST_BODY) {
            close();
        } else if (last) {
            finished();
        }
    }

    private void finished() {
        asking = false;
        answered = false;
        used = true;
        deadline.cancel();
        if (!reusable || ended || !channel.isActive()) {
            close();
            return;
        }
        // A decoder reads one response. Bytes behind it go to the next one, to be recognised as unasked for.
        channel.pipeline().replace(DECODER, DECODER, decoder());
        if (!ended) {
            owner.free(this);
        }
    }

    /** @param broke whether the service is to blame even if nothing of a response has arrived */
    private void end(boolean broke) {
        if (ended) {
            return;
        }
        ended = true;
        deadline.cancel();
        channel.close();
        if (asking && !answered) {
            if (broke || responding) {
                owner.broken(this);
            } else {
                owner.lost(this);
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            end(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            end(false);
            return;
        }
        Containment.failed(channel, FailurePoint.HANDLER, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(false);
    }
}
