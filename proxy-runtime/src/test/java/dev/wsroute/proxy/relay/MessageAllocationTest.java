// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.proxy.metrics.PrometheusMetrics;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relaying allocates nothing per message, with metrics and all limits on. Measures what the event loop's thread allocates
 * while messages pass through a real tunnel.
 */
class MessageAllocationTest extends ProxyTest {

    private static final Logger LOG = LoggerFactory.getLogger(MessageAllocationTest.class);

    private static final int WARM_UP = 2_000;

    /** Allowance for measuring and for timers, which does not depend on the number of messages. */
    private static final int MEASURING = 16 * 1024;

    private TestProxy proxy;
    private RawPeer client;
    private RawPeer backend;
    private final byte[] received = new byte[64 * 1024];

    private interface Exchange {
        void run(int round) throws IOException;
    }

    @BeforeEach
    void openTunnel() throws Exception {
        assumeTrue(TestProxy.transport() == Transport.EPOLL);
        RawBackend server = open(RawBackend.start());
        Duration limit = Duration.ofMinutes(5);
        proxy = open(TestProxy.options()
                .to(server.address())
                .timeouts(new Timeouts(limit, limit, limit, limit))
                .rules(new ConnectionRules(1_000_000L, limit, 10, limit))
                .metrics(new PrometheusMetrics())
                .start());
        TestProxy.Pair tunnel = open(proxy.open(server));
        client = tunnel.client();
        backend = tunnel.backend();
    }

    /** Bytes allocated by {@code rounds} exchanges, after a warm-up in which the sockets have left their channels. */
    private long allocatedBy(int rounds, Exchange exchange) throws Exception {
        for (int round = 0; round < WARM_UP; round++) {
            exchange.run(round);
        }
        long before = proxy.allocatedBytes();
        for (int round = 0; round < rounds; round++) {
            exchange.run(round);
        }
        long allocated = proxy.allocatedBytes() - before;
        LOG.info("{} exchanges: {} bytes", rounds, allocated);
        return allocated;
    }

    @Test
    void anEchoAllocatesNothing() throws Exception {
        byte[] question = Frame.encode(Frame.BINARY, new byte[64], true);
        byte[] answer = Frame.encode(Frame.BINARY, new byte[64], false);
        int rounds = 20_000;

        long allocated = allocatedBy(rounds, round -> {
            client.send(question);
            receive(backend, question.length);
            backend.send(answer);
            receive(client, answer.length);
        });

        // Each message arrives alone and wakes the loop.
        assertThat(allocated).isLessThanOrEqualTo(MEASURING);
    }

    @Test
    void aBurstOfMessagesAllocatesNothingWhereverItIsSplit() throws Exception {
        byte[] burst = burst(200);
        int rounds = 2_000;

        long allocated = allocatedBy(rounds, round -> {
            int cut = round * 13 % burst.length;
            client.send(burst, 0, cut);
            client.send(burst, cut, burst.length - cut);
            receive(backend, burst.length);
        });

        assertThat(allocated).isLessThanOrEqualTo(MEASURING);
    }

    private static byte[] burst(int messages) {
        byte[] message = Frame.encode(Frame.BINARY, new byte[64], true);
        byte[] burst = new byte[messages * message.length];
        for (int i = 0; i < messages; i++) {
            System.arraycopy(message, 0, burst, i * message.length, message.length);
        }
        return burst;
    }

    private void receive(RawPeer peer, int length) throws IOException {
        for (int index = 0; index < length; ) {
            int read = peer.readSome(received, index, length - index);
            if (read < 0) {
                throw new EOFException();
            }
            index += read;
        }
    }
}
