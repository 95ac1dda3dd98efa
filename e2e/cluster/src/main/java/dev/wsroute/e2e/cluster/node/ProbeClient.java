// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Probes containers over the network as a kubelet does: one connection per probe, without verifying certificates. */
final class ProbeClient {

    private final EventLoopGroup group;

    ProbeClient(EventLoopGroup group) {
        this.group = group;
    }

    /** Completes with the status code of the response; fails without a response within {@code timeout}. */
    CompletableFuture<Integer> get(String host, int port, HTTPGetAction action, Duration timeout) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        ChannelFuture connected = bootstrap(timeout, new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) throws SSLException {
                        if ("HTTPS".equalsIgnoreCase(action.getScheme())) {
                            SslContext tls = SslContextBuilder.forClient()
                                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                    .build();
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), host, port));
                        }
                        channel.pipeline().addLast(new HttpClientCodec(), new StatusReader(status));
                    }
                })
                .connect(host, port);
        connected.addListener(future -> {
            if (future.isSuccess()) {
                connected.channel().writeAndFlush(request(host, port, action));
            } else {
                status.completeExceptionally(future.cause());
            }
        });
        return bounded(status, connected.channel(), timeout);
    }

    /** Completes with true once connected; fails if the connection is refused or takes longer than the timeout. */
    CompletableFuture<Boolean> connect(String host, int port, Duration timeout) {
        CompletableFuture<Boolean> open = new CompletableFuture<>();
        ChannelFuture connected =
                bootstrap(timeout, new ChannelInboundHandlerAdapter()).connect(host, port);
        connected.addListener(future -> {
            if (future.isSuccess()) {
                open.complete(true);
            } else {
                open.completeExceptionally(future.cause());
            }
        });
        return bounded(open, connected.channel(), timeout);
    }

    private <T> CompletableFuture<T> bounded(CompletableFuture<T> result, Channel channel, Duration timeout) {
        return result.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((value, failure) -> channel.close());
    }

    private Bootstrap bootstrap(Duration timeout, ChannelHandler handler) {
        return new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .handler(handler);
    }

    private static FullHttpRequest request(String host, int port, HTTPGetAction action) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, Objects.requireNonNullElse(action.getPath(), "/"));
        request.headers()
                .set(HttpHeaderNames.HOST, host + ":" + port)
                .set(HttpHeaderNames.USER_AGENT, "kube-probe/1.36")
                .set(HttpHeaderNames.ACCEPT, "*/*")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        for (HTTPHeader header : action.getHttpHeaders()) {
            request.headers().set(header.getName(), header.getValue());
        }
        return request;
    }

    private static final class StatusReader extends SimpleChannelInboundHandler<HttpObject> {

        private final CompletableFuture<Integer> status;

        StatusReader(CompletableFuture<Integer> status) {
            this.status = status;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message.decoderResult().isFailure()) {
                status.completeExceptionally(message.decoderResult().cause());
            } else if (message instanceof HttpResponse response) {
                status.complete(response.status().code());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            status.completeExceptionally(new IOException("closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            status.completeExceptionally(cause);
        }
    }
}
