// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the API. Each uses a new connection, since requests are rare and idle proxies should not cost the API
 * connections. Calls block, so they must not be made on an event loop.
 */
final class HttpCalls {

    private static final int CONNECT_MILLIS = 5_000;

    private final ApiServer.Source source;
    private final EventLoopGroup loops;
    private final Class<? extends Channel> channelType;
    private final Duration patience;
    private volatile @Nullable ApiServer found;

    /**
     * @param loops event loops of the connections; should not be those of client connections
     * @param patience timeout of a response, except for the first line of a watch
     */
    HttpCalls(ApiServer.Source source, EventLoopGroup loops, Class<? extends Channel> channelType, Duration patience) {
        this.source = source;
        this.loops = loops;
        this.channelType = channelType;
        this.patience = patience;
    }

    /**
     * @param target path and query
     * @return the body of the response
     * @throws ApiException when the answer is not 2xx
     * @throws IOException with one sentence if there is no response
     */
    byte[] get(String target) throws IOException {
        ApiServer server = server();
        return whole(server, request(server, HttpMethod.GET, target, new byte[0], null));
    }

    /** As {@link #get}, with the body {@code json} of that content type. */
    byte[] patch(String target, String contentType, byte[] json) throws IOException {
        ApiServer server = server();
        return whole(server, request(server, HttpMethod.PATCH, target, json, contentType));
    }

    /**
     * Opens a streaming response of lines, and returns when it begins.
     *
     * @param worker on which the listener is called
     * @return an action that ends the response
     * @throws ApiException when the answer is not 2xx
     * @throws IOException with one sentence if there is no response
     */
    Runnable lines(String target, LineAnswer.LineListener listener, Executor worker) throws IOException {
        ApiServer server = server();
        FullHttpRequest request = request(server, HttpMethod.GET, target, new byte[0], null);
        LineAnswer answer = new LineAnswer(listener, worker);
        Channel channel = send(server, request, answer, answer.begun());
        return channel::close;
    }

    private ApiServer server() throws IOException {
        ApiServer known = found;
        if (known == null) {
            known = source.find();
            found = known;
        }
        return known;
    }

    private byte[] whole(ApiServer server, FullHttpRequest request) throws IOException {
        WholeAnswer answer = new WholeAnswer();
        send(server, request, answer, answer.body()).close();
        return answer.body().join();
    }

    private static FullHttpRequest request(
            ApiServer server, HttpMethod method, String target, byte[] body, @Nullable String contentType)
            throws IOException {
        String token = server.token().current();
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, server.basePath() + target, Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.HOST, server.authority())
                .set(HttpHeaderNames.USER_AGENT, "wsroute-proxy")
                .set(HttpHeaderNames.ACCEPT, "application/json")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (contentType != null) {
            request.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        if (token != null) {
            request.headers().set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        }
        return request;
    }

    /** Waits for the result. */
    private Channel send(ApiServer server, FullHttpRequest request, ChannelHandler answer, CompletableFuture<?> awaited)
            throws IOException {
        ChannelFuture connecting = connect(server, answer);
        Channel channel = connecting.channel();
        connecting.addListener(connected -> {
            if (connected.isSuccess()) {
                channel.writeAndFlush(request).addListener(written -> {
                    if (!written.isSuccess()) {
                        awaited.completeExceptionally(written.cause());
                    }
                });
            } else {
                request.release();
                awaited.completeExceptionally(connected.cause());
            }
        });
        boolean answered = false;
        try {
            awaited.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            answered = true;
            return channel;
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        } catch (TimeoutException e) {
            throw new IOException("the server did not respond within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the request was cancelled");
        } finally {
            if (!answered) {
                channel.close();
            }
        }
    }

    private ChannelFuture connect(ApiServer server, ChannelHandler answer) throws IOException {
        try {
            return new Bootstrap()
                    .group(loops)
                    .channel(channelType)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            SslHandler tls = tls(server);
                            if (tls != null) {
                                channel.pipeline().addLast(tls);
                            }
                            channel.pipeline().addLast(new HttpClientCodec(), answer);
                        }
                    })
                    .connect(InetSocketAddress.createUnresolved(server.host(), server.port()));
        } catch (IllegalStateException e) {
            throw new IOException("the client is closed", e);
        }
    }

    private static @Nullable SslHandler tls(ApiServer server) {
        if (server.tls() == null) {
            return null;
        }
        SSLEngine engine = server.tls().createSSLEngine(server.tlsName(), server.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(CONNECT_MILLIS);
        return handler;
    }

    /** Creates a new exception, since the stack of an event loop is of no use. */
    private IOException failure(Throwable cause) {
        if (cause instanceof ApiException refused) {
            return refused;
        }
        Throwable first = cause;
        while (first.getCause() != null && !(first instanceof SSLException)) {
            first = first.getCause();
        }
        String message = first.getMessage() == null ? first.getClass().getSimpleName() : first.getMessage();
        if (first instanceof SSLException) {
            // The CAs of the API server may have been replaced.
            found = null;
            return new IOException("TLS failed: " + message, cause);
        }
        return new IOException(message, cause);
    }
}
