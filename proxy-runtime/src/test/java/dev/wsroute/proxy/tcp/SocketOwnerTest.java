// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.memory.Account;
import dev.wsroute.proxy.memory.EvictingBudget;
import dev.wsroute.proxy.memory.EvictionWeight;
import dev.wsroute.proxy.memory.MemoryBudget;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Passing a socket from its channel to another owner. */
class SocketOwnerTest extends TcpChannelFixture {

    /** Records what it is called with. */
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
}
