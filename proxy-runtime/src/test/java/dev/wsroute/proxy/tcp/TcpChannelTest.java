// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.EvictingBudget;
import dev.wsroute.proxy.memory.EvictionWeight;
import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.testkit.ProxyTest;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the channel against sockets of the JDK. */
class TcpChannelTest extends ProxyTest {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final RecordingHandler handler = new RecordingHandler();
    private ServerSocket server;

    @BeforeEach
    void listen() throws Exception {
        assumeTrue(Epoll.isAvailable());
        server = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Records what a channel's handler receives. */
    @ChannelHandler.Sharable
    private static final class RecordingHandler extends ChannelInboundHandlerAdapter {
        private final StringBuffer text = new StringBuffer();
        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            text.append(buffer.toString(StandardCharsets.US_ASCII));
            buffer.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                events.add("input ended");
            } else if (event instanceof UnreadEnd) {
                events.add(event.toString());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause instanceof IOException ? "broken" : cause.toString());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            events.add("closed");
        }
    }

    /** An owner that notes what it reads. */
    private record RecordingOwner(List<String> events, AtomicBoolean wants) implements SocketOwner {

        RecordingOwner(List<String> events) {
            this(events, new AtomicBoolean(true));
        }

        @Override
        public boolean wantsInput() {
            return wants.get();
        }

        @Override
        public int receive(io.netty.channel.unix.Socket socket) throws IOException {
            ByteBuffer one = ByteBuffer.allocateDirect(1);
            int read = socket.recv(one, 0, 1);
            if (read > 0) {
                events.add("read " + (char) one.get(0));
            }
            return read;
        }

        @Override
        public boolean mayHaveMore() {
            return true;
        }

        @Override
        public void received() {}

        @Override
        public void receivedAll() {
            events.add("all");
        }

        @Override
        public void inputFailed(Throwable cause) {
            events.add(cause.toString());
        }

        @Override
        public void endOfInput() {
            events.add("end");
        }

        @Override
        public void unreadEnd(UnreadEnd end) {
            events.add(end.toString());
        }

        @Override
        public void brokenAfterEnd() {
            events.add("broken");
        }

        @Override
        public void writable() {
            events.add("writable");
        }

        @Override
        public void threw(Throwable cause) {
            events.add(cause.toString());
        }
    }

    private ChannelFuture connect(InetSocketAddress address, boolean halfClosure, int timeoutMillis) {
        return connect(handler, address, halfClosure, timeoutMillis);
    }

    private ChannelFuture connect(
            RecordingHandler handler, InetSocketAddress address, boolean halfClosure, int timeoutMillis) {
        TcpChannel channel = TcpChannel.towards(address);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
        channel.config().setConnectTimeoutMillis(timeoutMillis);
        channel.pipeline().addLast(handler);
        loops.register(channel).syncUninterruptibly();
        return channel.connect(address);
    }

    private Channel connected(boolean halfClosure) {
        return connect((InetSocketAddress) server.getLocalSocketAddress(), halfClosure, 5000)
                .syncUninterruptibly()
                .channel();
    }

    /** On the event loop, since a pause from another thread takes effect later. */
    private void pause(Channel channel) throws Exception {
        loops.submit(() -> channel.config().setAutoRead(false)).sync();
    }

    /** Epoll reports sockets in the order of their events: once this last one is reported, all earlier ones are. */
    private void awaitEpollEvents() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordingHandler last = new RecordingHandler();
            Channel channel = connect(last, (InetSocketAddress) other.getLocalSocketAddress(), true, 5000)
                    .sync()
                    .channel();
            try (Socket peer = other.accept()) {
                peer.getOutputStream().write('!');
                await().until(() -> last.text.length() == 1);
            }
            channel.close().sync();
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void bytesPassInBothDirectionsAndTheAddressesAreKnown() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());

        channel.write(bytes("head, "));
        channel.write(bytes("body, "));
        channel.writeAndFlush(bytes("end"));
        assertThat(peer.getInputStream().readNBytes(15))
                .isEqualTo("head, body, end".getBytes(StandardCharsets.US_ASCII));
        peer.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));

        await().until(() -> handler.text.toString().equals("answer"));
        assertThat(channel.remoteAddress()).isEqualTo(peer.getLocalSocketAddress());
        assertThat(channel.localAddress()).isEqualTo(peer.getRemoteSocketAddress());
    }

    @Test
    void aPeerThatHasEndedItsOutputCanBeWrittenTo() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        peer.getOutputStream().write("last".getBytes(StandardCharsets.US_ASCII));
        peer.shutdownOutput();
        await().until(() -> handler.events.contains("input ended"));

        channel.writeAndFlush(bytes("reply")).sync();
        loops.submit(() -> HalfClose.endOutput(channel)).sync();

        assertThat(handler.text).hasToString("last");
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo("reply".getBytes(StandardCharsets.US_ASCII));
        assertThat(handler.events).containsExactly("input ended");
    }

    @Test
    void withoutHalfClosureTheEndOfThePeersOutputCloses() throws Exception {
        connected(false);
        open(server.accept()).shutdownOutput();

        await().until(() -> handler.events.equals(List.of("closed")));
    }

    @Test
    void aResetIsReportedAndCloses() throws Exception {
        connected(true);
        Socket peer = server.accept();
        peer.setSoLinger(true, 0);
        peer.close();

        await().until(() -> handler.events.contains("closed"));
        assertThat(handler.events).startsWith("broken");
    }

    @Test
    void nothingIsReadWhileReadingIsPaused() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        pause(channel);
        peer.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
        peer.shutdownOutput();
        awaitEpollEvents();
        assertThat(handler.text).isEmpty();

        channel.config().setAutoRead(true);

        await().until(() -> handler.events.contains("input ended"));
        assertThat(handler.text).hasToString("one");
    }

    @Test
    void anEndWhileReadingIsPausedIsReportedOnceAndLosesNoBytes() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        pause(channel);
        peer.getOutputStream().write("one".getBytes(StandardCharsets.US_ASCII));
        peer.shutdownOutput();
        await().until(() -> handler.events.contains("ENDED"));
        pause(channel);
        awaitEpollEvents();
        assertThat(handler.text).isEmpty();

        channel.config().setAutoRead(true);

        await().until(() -> handler.events.contains("input ended"));
        assertThat(handler.text).hasToString("one");
        assertThat(handler.events).containsExactly("ENDED", "input ended");
    }

    @Test
    void aResetWhileReadingIsPausedIsReportedDespiteUnreadBytes() throws Exception {
        Channel channel = connected(true);
        Socket peer = server.accept();
        pause(channel);
        peer.getOutputStream().write(new byte[50_000]);
        peer.shutdownOutput();
        await().until(() -> handler.events.contains("ENDED"));

        peer.setSoLinger(true, 0);
        peer.close();

        await().until(() -> handler.events.contains("BROKEN"));
        assertThat(handler.events).containsExactly("ENDED", "BROKEN");
        channel.close().sync();
    }

    @Test
    void bytesThatTheSocketDoesNotAcceptAtOnceAreSentLater() throws Exception {
        Channel channel = connected(true);
        Socket peer = open(server.accept());
        String chunk = "0123456789abcdef".repeat(4096);
        for (int i = 0; i < 300; i++) {
            channel.write(bytes(chunk));
        }
        ChannelFuture last = channel.writeAndFlush(bytes("end"));
        loops.submit(() -> {}).sync();
        assertThat(last.isDone()).isFalse();

        byte[] all = peer.getInputStream().readNBytes(300 * chunk.length() + 3);

        assertThat(new String(all, StandardCharsets.US_ASCII)).startsWith(chunk).endsWith(chunk + "end");
        last.sync();
    }

    @Test
    void aRefusedConnectionAndAConnectTimeoutFail() throws Exception {
        int port = server.getLocalPort();
        server.close();
        ChannelFuture refused = connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), true, 5000)
                .awaitUninterruptibly();
        assertThat(refused.cause()).isInstanceOf(ConnectException.class);
        await().until(() -> !refused.channel().isOpen());

        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            ChannelFuture late = connect((InetSocketAddress) full.getLocalSocketAddress(), true, 50)
                    .awaitUninterruptibly();
            assertThat(late.cause()).isInstanceOf(ConnectTimeoutException.class);
            await().until(() -> !late.channel().isOpen());
        }
    }

    @Test
    void aNewOwnerGetsBytesThatHaveArrivedAndThoseThatFollow() throws Exception {
        TcpChannel channel = (TcpChannel) connected(true);
        Socket peer = open(server.accept());
        pause(channel);
        peer.getOutputStream().write('a');
        awaitEpollEvents();
        List<String> events = new CopyOnWriteArrayList<>();

        loops.submit(() -> channel.take(new RecordingOwner(events), ByteBuf::release))
                .sync();

        await().until(() -> events.equals(List.of("read a", "all")));
        peer.shutdownOutput();
        await().until(() -> events.equals(List.of("read a", "all", "all", "end")));
        assertThat(handler.text).isEmpty();
        channel.close().sync();
        await().until(() -> handler.events.contains("closed"));
    }

    @Test
    void whoeverTakesABrokenSocketIsPassedNothingUntilItWantsInputAndThenAllThatArrived() throws Exception {
        TcpChannel channel = (TcpChannel) connected(true);
        Socket peer = server.accept();
        pause(channel);
        peer.getOutputStream().write(("x".repeat(ScratchBuffer.CAPACITY) + "abc").getBytes(StandardCharsets.US_ASCII));
        peer.setSoLinger(true, 0);
        peer.close();
        await().until(() -> handler.events.contains("BROKEN"));
        assertThat(handler.text).hasSize(ScratchBuffer.CAPACITY);
        RecordingOwner taker = new RecordingOwner(new CopyOnWriteArrayList<>(), new AtomicBoolean());

        loops.submit(() -> channel.take(taker, ByteBuf::release)).sync();
        await().until(() -> taker.events.contains("writable"));
        loops.submit(() -> {}).sync();
        assertThat(taker.events).isNotEmpty().containsOnly("BROKEN", "writable");

        taker.wants.set(true);
        loops.submit(() -> channel.reader().resume()).sync();

        await().until(() -> taker.events.contains("end"));
        assertThat(taker.events).containsSubsequence("read a", "read b", "read c", "all", "end");
        channel.close().sync();
    }

    @Test
    void aFlushOfATakenChannelLeavesTheMemoryOfTheNewOwnerAccountedFor() throws Exception {
        TcpChannel channel = (TcpChannel) connected(true);
        open(server.accept());
        EvictingBudget budget = new EvictingBudget(new MemoryBudget("buffers", 1 << 20), EvictionWeight.BYTES);

        loops.submit(() -> {
                    channel.writer().setBudget(budget);
                    channel.take(new RecordingOwner(new CopyOnWriteArrayList<>()), ByteBuf::release);
                    channel.writer().block();
                    channel.writer().hold(1000, Account.of(channel));
                    channel.flush();
                })
                .sync();

        assertThat(budget.budget().used()).isEqualTo(1000);
    }

    @Test
    void aPausedListenerAcceptsNothingUntilItResumes() throws Exception {
        List<Channel> accepted = new CopyOnWriteArrayList<>();
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(TcpListener.class)
                .option(TcpOptions.NODELAY, 1)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        open(new Socket(InetAddress.getLoopbackAddress(), port));
        await().until(() -> accepted.size() == 1);
        assertThat(accepted.get(0).config().getOption(TcpOptions.NODELAY)).isOne();
        pause(listener);

        open(new Socket(InetAddress.getLoopbackAddress(), port));
        awaitEpollEvents();
        assertThat(accepted).hasSize(1);

        listener.config().setAutoRead(true);
        await().until(() -> accepted.size() == 2);
    }
}
