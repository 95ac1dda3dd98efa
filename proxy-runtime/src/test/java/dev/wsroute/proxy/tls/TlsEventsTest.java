// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.memory.MemoryBudget;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.testkit.EagerTlsClient;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.tls.TlsListener.Accepted;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that arrive, in one read, with the end of the TLS handshake. */
class TlsEventsTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: chat.example.com\r\n\r\n";

    private final TlsListener listener = TlsFixture.listener(CA.issue("dns:chat.example.com"));
    private final List<String> outcomes = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
        TlsFixture.renew(listener);
    }

    @Test
    void aRequestThatComesWithTheEndOfTheHandshakePasses() throws Exception {
        assertThat(passed(MemoryPlan.ofProcess().budgets(), true)).isEqualTo(REQUEST);
        assertThat(outcomes).containsExactly("secured");
    }

    @Test
    void nothingPassesIfTheConnectionIsRefusedAfterItsHandshake() throws Exception {
        assertThat(passed(MemoryPlan.ofProcess().budgets(), false)).isEmpty();
        assertThat(outcomes).containsExactly("secured");
    }

    @Test
    void nothingPassesIfThereIsNoMemoryForTheConnection() throws Exception {
        MemoryBudget none = new MemoryBudget("tls", 1);

        assertThat(passed(MemoryPlan.ofProcess().budgets().withTls(none), true)).isEmpty();
        assertThat(outcomes).containsExactly("starved");
        assertThat(channel.isOpen()).isFalse();
    }

    /** What reaches the handlers of HTTP. */
    private String passed(MemoryBudgets budgets, boolean accepts) throws Exception {
        Accepted accepted = listener.accept("chat.example.com", channel.alloc());
        assertThat(accepted).isNotNull();
        TlsMemory memory = new TlsMemory(budgets, channel);
        channel.pipeline().addLast(accepted.handler());
        channel.pipeline().addLast(new TlsEvents(accepted.handler(), new Recorded(accepts), memory));
        EagerTlsClient client = new EagerTlsClient(CA.client(), "chat.example.com");

        channel.writeInbound(Unpooled.wrappedBuffer(client.hello()));
        boolean complete = false;
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            byte[] bytes = ByteBufUtil.getBytes(sent);
            sent.release();
            complete |= client.receive(bytes, bytes.length);
        }
        assertThat(complete).isTrue();
        channel.writeInbound(Unpooled.wrappedBuffer(client.endWith(REQUEST)));

        StringBuilder read = new StringBuilder();
        for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
            read.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
        return read.toString();
    }

    private final class Recorded implements TlsOutcome {

        private final boolean accepts;

        Recorded(boolean accepts) {
            this.accepts = accepts;
        }

        @Override
        public boolean secured() {
            outcomes.add("secured");
            return accepts;
        }

        @Override
        public void failed(Throwable cause) {
            outcomes.add("failed: " + cause);
        }

        @Override
        public void starved() {
            outcomes.add("starved");
        }
    }
}
