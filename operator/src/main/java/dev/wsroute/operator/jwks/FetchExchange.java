// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.compile.JwksUri;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import dev.wsroute.operator.trust.Distrust;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt to fetch a document. Confined to its event loop. */
final class FetchExchange {

    private static final Logger LOG = LoggerFactory.getLogger(FetchExchange.class);

    /** To one address; the next one is tried then. */
    private static final int CONNECT_MILLIS = 2500;

    private static final int READ_BYTES = 8 * 1024;
    private static final int MAX_LINE = 4 * 1024;
    private static final int MAX_HEAD = 16 * 1024;

    private final EventLoop loop;
    private final JwksUri uri;
    private final SslContext trust;
    private final Executor verification;
    private final Duration deadline;
    private final Consumer<FetchOutcome> done;
    private final Deque<InetAddress> addresses = new ArrayDeque<>();
    private final ScheduledFuture<?> timer;
    private @Nullable Channel channel;
    private boolean ended;

    /**
     * Begins to count the time.
     *
     * @param verification computes what TLS needs
     */
    FetchExchange(
            EventLoop loop,
            JwksUri uri,
            SslContext trust,
            Executor verification,
            Duration deadline,
            Consumer<FetchOutcome> done) {
        assert loop.inEventLoop();
        this.loop = loop;
        this.uri = uri;
        this.trust = trust;
        this.verification = verification;
        this.deadline = deadline;
        this.done = done;
        this.timer = loop.schedule(this::timeOut, deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void timeOut() {
        fail(Reason.TIMEOUT, "the host did not answer within " + deadline.toSeconds() + " s");
    }

    void fail(Reason reason, String why) {
        end(new Failed(reason, why));
    }

    /** The first outcome counts. */
    void end(FetchOutcome outcome) {
        assert loop.inEventLoop();
        if (ended) {
            return;
        }
        ended = true;
        timer.cancel(false);
        if (channel != null) {
            channel.close();
        }
        done.accept(outcome);
    }

    /** Connects to the first of these addresses that accepts the connection. */
    void connect(List<InetAddress> candidates) {
        assert loop.inEventLoop();
        addresses.addAll(candidates);
        connectToNext();
    }

    private void connectToNext() {
        InetAddress address = addresses.poll();
        if (ended) {
            return;
        }
        if (address == null) {
            fail(Reason.UNREACHABLE, "the host does not accept connections");
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                // On the heap, since the operator has little direct memory and needs it for the API.
                .option(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        init(opened);
                    }
                })
                .connect(new InetSocketAddress(address, uri.port()));
        channel = connecting.channel();
        connecting.addListener((ChannelFutureListener) future -> {
            if (ended) {
                future.channel().close();
            } else if (!future.isSuccess()) {
                LOG.debug("No connection to {}", uri, future.cause());
                connectToNext();
            } else {
                future.channel()
                        .pipeline()
                        .get(SslHandler.class)
                        .handshakeFuture()
                        .addListener(this::shaken);
            }
        });
    }

    private void shaken(Future<? super Channel> handshake) {
        if (handshake.isSuccess()) {
            Objects.requireNonNull(channel).writeAndFlush(request());
        } else {
            LOG.debug("No TLS with {}", uri, handshake.cause());
            fail(
                    Reason.TLS,
                    Distrust.of(handshake.cause()).orElse("the host does not speak TLS as it should, or ended it"));
        }
    }

    private void init(Channel opened) {
        // The name, for SNI and for the verification of the certificate; the address is that of the connection.
        SslHandler tls = trust.newHandler(opened.alloc(), uri.host(), uri.port(), verification);
        tls.setHandshakeTimeoutMillis(deadline.toMillis());
        // Nobody waits for the server's close_notify.
        tls.setCloseNotifyReadTimeoutMillis(0);
        tls.setCloseNotifyFlushTimeoutMillis(1);
        opened.pipeline()
                .addLast(
                        new ReceiveLimit(this),
                        tls,
                        new HttpClientCodec(
                                new HttpDecoderConfig()
                                        .setMaxInitialLineLength(MAX_LINE)
                                        .setMaxHeaderSize(MAX_HEAD)
                                        .setMaxChunkSize(READ_BYTES),
                                HttpClientCodec.DEFAULT_PARSE_HTTP_AFTER_CONNECT_REQUEST,
                                HttpClientCodec.DEFAULT_FAIL_ON_MISSING_RESPONSE),
                        new AnswerHandler(this));
    }

    private FullHttpRequest request() {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri.target());
        request.headers()
                .set(HttpHeaderNames.HOST, uri.authority())
                .set(HttpHeaderNames.USER_AGENT, "wsroute-operator")
                .set(HttpHeaderNames.ACCEPT, "application/jwk-set+json, application/json")
                .set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return request;
    }
}
