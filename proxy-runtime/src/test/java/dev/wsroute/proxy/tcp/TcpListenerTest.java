// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a listener does with the clients in its accept queue. */
class TcpListenerTest extends TcpChannelFixture {

    private static final String ANSWER = "HTTP/1.1 503 Service Unavailable\r\n\r\n";

    private final AtomicInteger served = new AtomicInteger();

    /** Refuses everybody who waits. */
    private static final class Closed implements AcceptGate {

        final List<Integer> queues = new CopyOnWriteArrayList<>();
        final List<Boolean> answered = new CopyOnWriteArrayList<>();
        private final @Nullable ByteBuffer answer;

        Closed(@Nullable String answer) {
            this.answer = answer == null
                    ? null
                    : ByteBuffer.allocateDirect(answer.length())
                            .put(answer.getBytes(US_ASCII))
                            .flip();
        }

        @Override
        public int excess(IntSupplier waiting) {
            queues.add(waiting.getAsInt());
            // A system call that is made twice tells the same.
            return waiting.getAsInt();
        }

        @Override
        public @Nullable ByteBuffer answer() {
            return answer;
        }

        @Override
        public void refused(boolean wasAnswered) {
            answered.add(wasAnswered);
        }
    }

    private Channel listener(AcceptGate gate) {
        Channel listener = new TcpListener(gate);
        listener.config().setOption(ChannelOption.SO_BACKLOG, 50);
        listener.config().setAutoRead(false);
        listener.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                served.incrementAndGet();
                ((Channel) accepted).unsafe().closeForcibly();
            }
        });
        loops.register(listener).syncUninterruptibly();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly();
        open(listener::close);
        return listener;
    }

    private Socket client(Channel listener, String sent) throws IOException {
        Socket client = open(
                new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort()));
        client.getOutputStream().write(sent.getBytes(US_ASCII));
        return client;
    }

    @Test
    void aRefusedClientIsSentTheAnswerAndOneWhoseRequestIsNotThereYetIsReset() throws Exception {
        Closed gate = new Closed(ANSWER);
        Channel listener = listener(gate);
        client(listener, "GET / HTTP/1.1\r\n\r\n");
        Socket complete = client(listener, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Socket partial = client(listener, "GET / HTTP/1.1\r\nHost: a\r\n");
        Socket silent = client(listener, "");

        listener.config().setAutoRead(true);

        assertThat(new String(complete.getInputStream().readAllBytes(), US_ASCII))
                .isEqualTo(ANSWER);
        assertThatThrownBy(() -> partial.getInputStream().read()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> silent.getInputStream().read()).isInstanceOf(IOException.class);
        await().until(() -> gate.answered.size() == 3);
        assertThat(gate.answered).containsExactly(true, false, false);
        assertThat(gate.queues).containsExactly(3);
        assertThat(served).hasValue(1);
    }

    @Test
    void withoutAnAnswerRefusedClientsAreReset() throws Exception {
        Closed gate = new Closed(null);
        Channel listener = listener(gate);
        client(listener, "");
        Socket second = client(listener, "GET / HTTP/1.1\r\n\r\n");

        listener.config().setAutoRead(true);

        assertThatThrownBy(() -> second.getInputStream().read()).isInstanceOf(IOException.class);
        await().until(() -> gate.answered.size() == 1);
        assertThat(gate.answered).containsExactly(false);
    }

    @Test
    void aClientThatHasGoneDoesNotDisturbTheListener() throws Exception {
        Closed gate = new Closed(ANSWER);
        Channel listener = listener(gate);
        client(listener, "");
        Socket gone = client(listener, "GET / HTTP/1.1\r\n\r\n");
        gone.setSoLinger(true, 0);
        gone.close();
        listener.config().setAutoRead(true);
        await().until(() -> served.get() + gate.answered.size() >= 1);

        client(listener, "");

        await().until(() -> served.get() >= 2);
    }
}
