// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.ProxyTest;
import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.RecordingMetrics;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.Traps;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A hand-over in which each call throws in turn: those to the metrics, the access log, the lease, a listener for tunnels, and
 * the allocator. Both sides have sent bytes after the handshake.
 */
@Tag("slow")
class HandoverFailureTest extends ProxyTest {

    private static final String EARLY = new String(Frame.text("early", true), ISO_8859_1);
    private static final String HELLO = new String(Frame.text("hello", false), ISO_8859_1);
    private static final int MOST_CALLS = 200;

    private final RecordingMetrics metrics = new RecordingMetrics();
    private final Traps traps = new Traps();

    @Test
    void whereverItThrowsBothConnectionsEndAndNothingIsLeft() throws Exception {
        RawBackend server = open(RawBackend.start());
        TestProxy proxy = open(TestProxy.options()
                .to(server.address())
                .metrics(metrics)
                .traps(traps)
                .start());

        int passed = 0;
        while (throwsAtCall(proxy, server, passed)) {
            passed++;
            assertThat(passed).isLessThan(MOST_CALLS);
        }

        assertThat(passed).as("calls of a hand-over").isGreaterThan(5);
        await().untilAsserted(() -> assertThat(count("ended"))
                .as("ends of tunnels that were counted")
                .isEqualTo(count("opened")));
    }

    /** Runs a hand-over. Returns false if it was complete before that many calls. */
    private boolean throwsAtCall(TestProxy proxy, RawBackend server, int passed) throws Exception {
        long failures = failures(proxy);
        try (RawPeer client = proxy.connect()) {
            client.send(TestProxy.handshake() + EARLY);
            try (RawPeer backend = server.accept()) {
                backend.readHead();
                proxy.finishReading();
                trapAllocators(proxy);
                traps.armCall(passed);

                backend.send(TestProxy.switching() + HELLO);
                boolean delivered = isDelivered(client, backend);

                if (delivered) {
                    proxy.finishReading();
                }
                boolean thrown = !delivered || failures(proxy) > failures;
                traps.disarm();
                if (!thrown) {
                    return false;
                }
                readToEnd(client);
                readToEnd(backend);
            }
        }
        await().untilAsserted(() -> {
            assertThat(proxy.connections().size()).as("tunnels").isZero();
            assertThat(proxy.endpoints().openLeases()).as("leases").isZero();
            assertThat(proxy.server().clients.size()).as("clients").isZero();
            assertThat(proxy.server().backends.size()).as("backends").isZero();
        });
        return true;
    }

    private static boolean isDelivered(RawPeer client, RawPeer backend) throws IOException {
        try {
            return client.readHead().startsWith("HTTP/1.1 101 ")
                    && client.readText(HELLO.length()).equals(HELLO)
                    && backend.readText(EARLY.length()).equals(EARLY);
        } catch (IOException e) {
            // Reset, or ended.
            return false;
        }
    }

    private static void readToEnd(RawPeer peer) throws IOException {
        try {
            peer.readToEnd();
        } catch (SocketException e) {
            // Reset.
        }
    }

    /** As if the proxy ran out of memory at that point. */
    private void trapAllocators(TestProxy proxy) throws InterruptedException {
        for (Channel channel : Stream.concat(proxy.server().clients.stream(), proxy.server().backends.stream())
                .toList()) {
            channel.eventLoop()
                    .submit(() -> channel.config()
                            .setAllocator(traps.set(
                                    ByteBufAllocator.class, channel.config().getAllocator())))
                    .sync();
        }
    }

    private static long failures(TestProxy proxy) {
        return Arrays.stream(FailurePoint.values())
                .mapToLong(proxy.failures()::count)
                .sum();
    }

    private long count(String event) {
        return metrics.events().stream().filter(text -> text.startsWith(event)).count();
    }
}
