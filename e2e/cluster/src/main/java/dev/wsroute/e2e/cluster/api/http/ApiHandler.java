// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import dev.wsroute.e2e.cluster.api.http.ApiResponse.Body;
import dev.wsroute.e2e.cluster.api.http.ApiResponse.Follow;
import dev.wsroute.e2e.cluster.api.http.ApiResponse.Stream;
import dev.wsroute.e2e.cluster.api.http.ApiResponse.Text;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: passes requests to the router and sends its responses, which a worker thread computes. */
final class ApiHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    private final ApiRouter router;
    private final EventExecutor worker;

    /**
     * Serves one connection.
     *
     * @param worker handles the requests of this connection one after the other
     */
    ApiHandler(ApiRouter router, EventExecutor worker) {
        this.router = router;
        this.worker = worker;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest http) {
        http.retain();
        worker.execute(() -> {
            try {
                answer(ctx, http);
            } finally {
                http.release();
            }
        });
    }

    private void answer(ChannelHandlerContext ctx, FullHttpRequest http) {
        ApiResponse response;
        try {
            response = router.handle(read(http));
        } catch (ApiError e) {
            response = new Body(e.code(), e.status(), List.of());
        } catch (RuntimeException e) {
            LOG.error("The request {} {} failed", http.method(), http.uri(), e);
            response = new Body(
                    500, ApiError.internal("Internal error occurred: " + e).status(), List.of());
        }
        if (response instanceof Stream stream) {
            WatchStream.open(ctx, http, stream.plan(), worker);
        } else if (response instanceof Follow follow) {
            LogStream.open(ctx.channel(), follow.log(), worker);
        } else {
            send(ctx, http, response);
        }
    }

    private static ApiRequest read(FullHttpRequest http) {
        QueryStringDecoder uri = new QueryStringDecoder(http.uri());
        List<String> path = new ArrayList<>();
        for (String segment : uri.rawPath().split("/", -1)) {
            if (!segment.isEmpty()) {
                path.add(QueryStringDecoder.decodeComponent(segment));
            }
        }
        Map<String, String> query = new LinkedHashMap<>();
        uri.parameters().forEach((name, values) -> query.put(name, values.get(0)));
        HttpHeaders headers = http.headers();
        return new ApiRequest(
                http.method().name(),
                path,
                query,
                headers.get(HttpHeaderNames.ACCEPT, ""),
                headers.get(HttpHeaderNames.CONTENT_TYPE, "application/json"),
                headers.get(HttpHeaderNames.USER_AGENT, ""),
                headers.get(HttpHeaderNames.AUTHORIZATION, "").replaceFirst("^Bearer ", ""),
                http.content().toString(StandardCharsets.ISO_8859_1));
    }

    private static void send(ChannelHandlerContext ctx, FullHttpRequest request, ApiResponse response) {
        byte[] bytes;
        HttpResponseStatus status;
        String type;
        if (response instanceof Body body) {
            bytes = Json.write(body.json());
            status = HttpResponseStatus.valueOf(body.code());
            type = "application/json";
        } else if (response instanceof Text text) {
            bytes = text.text().getBytes(StandardCharsets.UTF_8);
            status = HttpResponseStatus.valueOf(text.code());
            type = "text/plain; charset=utf-8";
        } else {
            throw new IllegalArgumentException("A stream is not sent as a whole");
        }
        boolean head = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse http = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes));
        http.headers().set(HttpHeaderNames.CONTENT_TYPE, type).setInt(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        if (response instanceof Body body) {
            for (String warning : body.warnings()) {
                http.headers().add("Warning", "299 - " + Json.fromValue(warning));
            }
        }
        boolean keep = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(http, keep);
        var sent = ctx.writeAndFlush(http);
        if (!keep) {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("A client's connection broke", cause);
        } else {
            LOG.warn("A connection is closed after an error", cause);
        }
        var unused = ctx.close();
    }
}
