// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.tcp.TcpListener;
import dev.wsroute.proxy.tcp.TcpOptions;
import dev.wsroute.proxy.testkit.TestTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/** A wire that echoes what it receives over TLS, and its blocking client. */
final class TlsEcho implements AutoCloseable {

    /** What drives the engine. */
    enum Driver {
        WIRE,
        SSL_HANDLER
    }

    private static final int BUFFERED = 1 << 20;

    private final ContainedLoops loops = Transport.EPOLL.newEventLoops(1);
    private final LoopBuffer buffer = new LoopBuffer();
    private final Channel listener;
    private final SslContext serverContext = TestTls.server(SslProvider.OPENSSL_REFCNT);
    private final SslContext clientContext;
    private final Driver driver;
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    TlsEcho(Driver driver) throws IOException {
        this.driver = driver;
        this.clientContext = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .build();
        this.listener = new ServerBootstrap()
                .group(loops)
                .channel(TcpListener.class)
                .option(TcpOptions.NODELAY, 1)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accept(accepted);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    private void accept(Channel channel) {
        clients.add(channel);
        channel.pipeline().addLast(new SslHandler(serverContext.newEngine(channel.alloc())), new Opening());
    }

    /** The event loop's thread. */
    long thread() throws InterruptedException {
        return loops.submit(() -> Thread.currentThread().getId()).sync().getNow();
    }

    Client connect() throws IOException {
        return new Client((InetSocketAddress) listener.localAddress());
    }

    /** Hands over at the first message while the handler is still decrypting, as at a backend's 101. */
    private final class Opening extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Handover handedOver = new Handover(ctx.channel());
            handedOver.hold((ByteBuf) message);
            ctx.pipeline().remove(this);
            Echoing echoing = new Echoing();
            echoing.wire = driver == Driver.WIRE
                    ? Wire.of(handedOver, TunnelPeer.CLIENT, echoing, buffer, BUFFERED)
                    : new ChannelWire(handedOver, TunnelPeer.CLIENT, echoing, BUFFERED);
            echoing.wire.open();
            echoing.wire.readMore(true);
        }
    }

    private static final class Echoing implements WireEvents {
        private Wire wire;

        @Override
        public void received(ByteBuf bytes, int headroom) {
            wire.pass(bytes, bytes.readerIndex(), bytes.writerIndex());
        }

        @Override
        public void receivedAll() {
            wire.flush();
        }

        @Override
        public void writabilityChanged() {
            wire.readMore(wire.isWritable());
        }

        @Override
        public void outputFailed() {}

        @Override
        public void outputEnded() {}

        @Override
        public void inputEnded(boolean reset) {
            wire.endOutput(true);
        }

        @Override
        public void closed() {}

        @Override
        public void evicted() {}

        @Override
        public void threw(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    /** Sends messages and awaits them. */
    final class Client implements AutoCloseable {
        private final SocketChannel socket;
        private final SSLEngine engine = clientContext.newEngine(ByteBufAllocator.DEFAULT);
        private final ByteBuffer received = ByteBuffer.allocateDirect(128 * 1024);
        private final ByteBuffer records = ByteBuffer.allocateDirect(128 * 1024);
        private final ByteBuffer decrypted = ByteBuffer.allocateDirect(128 * 1024);

        Client(InetSocketAddress address) throws IOException {
            socket = SocketChannel.open(address);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            engine.beginHandshake();
            ByteBuffer none = ByteBuffer.allocateDirect(0);
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_WRAP -> {
                        engine.wrap(none, records.clear());
                        send();
                    }
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (unwrap() == 0) {
                            receive();
                        }
                    }
                    default -> {
                        return;
                    }
                }
            }
        }

        private void send() throws IOException {
            records.flip();
            while (records.hasRemaining()) {
                socket.write(records);
            }
        }

        private void receive() throws IOException {
            if (socket.read(received) < 0) {
                throw new EOFException();
            }
        }

        /** Returns how many bytes were consumed. */
        private int unwrap() throws IOException {
            received.flip();
            try {
                return engine.unwrap(received, decrypted).bytesConsumed();
            } finally {
                received.compact();
            }
        }

        /** Sends messages together, each in at least one record of its own. Returns an echo of the same length. */
        ByteBuffer echo(ByteBuffer... messages) throws IOException {
            records.clear();
            int length = 0;
            for (ByteBuffer message : messages) {
                while (message.hasRemaining()) {
                    length += engine.wrap(message, records).bytesConsumed();
                }
                message.rewind();
            }
            send();
            decrypted.clear();
            while (decrypted.position() < length) {
                if (unwrap() == 0) {
                    receive();
                }
            }
            return decrypted.flip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
            ReferenceCountUtil.release(engine);
        }
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        clients.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        ReferenceCountUtil.release(clientContext);
    }
}
