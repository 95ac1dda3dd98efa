// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RuleChanges;
import dev.wsroute.proxy.http.request.Rejection;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.Grant;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Writes the response to a client, and decides whether its connection persists. */
final class ResponseWriter {

    private final Channel channel;
    private final ResponseEncoder encoder = new ResponseEncoder();
    private boolean started;
    private boolean closeDelimited;
    private boolean closeAfter;
    private @Nullable ActiveRule rule;
    private Grant grant = Grant.NONE;

    ResponseWriter(Channel channel) {
        this.channel = channel;
    }

    ResponseEncoder encoder() {
        return encoder;
    }

    /** A request was received. */
    void begin(boolean toHead) {
        encoder.answering(toHead);
        started = false;
        closeDelimited = false;
        closeAfter = false;
        rule = null;
        grant = Grant.NONE;
    }

    /** Sets the rule of the request, or none. */
    void routed(@Nullable ActiveRule matched) {
        rule = matched;
    }

    /** Sets what the access checks of the request found out. */
    void granted(Grant checked) {
        grant = checked;
    }

    boolean started() {
        return started;
    }

    /** The end of the connection ends the response. */
    boolean isCloseDelimited() {
        return closeDelimited;
    }

    boolean closeAfter() {
        return closeAfter;
    }

    void closeAfter(boolean close) {
        closeAfter |= close;
    }

    void head(HttpResponse response, boolean endsWithConnection) {
        started = true;
        closeDelimited = endsWithConnection;
        closeAfter |= endsWithConnection;
        if (closeAfter) {
            response.headers().set(FieldNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        channel.write(response, channel.voidPromise());
    }

    void interim(HttpResponse response) {
        channel.writeAndFlush(
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        response.status(),
                        Unpooled.EMPTY_BUFFER,
                        HeaderRules.towardsClient(response.headers()),
                        HeaderRules.newHeaders()),
                channel.voidPromise());
    }

    void refuse(Rejection rejection) {
        closeAfter |= rejection.close();
        boolean empty = rejection.sentence().isEmpty();
        ByteBuf body =
                empty ? Unpooled.EMPTY_BUFFER : ByteBufUtil.writeUtf8(channel.alloc(), rejection.sentence() + "\n");
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                rejection.status(),
                body,
                DefaultHttpHeadersFactory.headersFactory(),
                DefaultHttpHeadersFactory.trailersFactory());
        if (!empty) {
            response.headers().set(FieldNames.CONTENT_TYPE, "text/plain; charset=utf-8");
            response.headers().setInt(FieldNames.CONTENT_LENGTH, body.readableBytes());
        }
        rejection.headers().forEach(header -> response.headers().add(header.name(), header.value()));
        GrantedHead.response(grant, response.headers());
        if (rule != null) {
            // Without headers that control framing or the connection, which are set below.
            RuleChanges.ownAnswer(rule, response.headers());
        }
        if (rejection.status().code() == HttpResponseStatus.UPGRADE_REQUIRED.code()) {
            response.headers().set(FieldNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
            response.headers().set(FieldNames.CONNECTION, FieldNames.CONNECTION_UPGRADE);
        }
        started = true;
        if (closeAfter) {
            response.headers().add(FieldNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        channel.writeAndFlush(response, channel.voidPromise());
    }
}
