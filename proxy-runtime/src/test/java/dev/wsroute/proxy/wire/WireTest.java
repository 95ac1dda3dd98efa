// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.wire;

import static org.awaitility.Awaitility.await;

import dev.wsroute.proxy.testkit.RawBackend;
import dev.wsroute.proxy.testkit.RawPeer;
import dev.wsroute.proxy.testkit.TestProxy;
import dev.wsroute.proxy.testkit.TestTls;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * One proxy and one backend for all cases of a class. After the last case, no connection, lease or buffer may be left. With
 * {@link TestTls}, each segment is a TLS record, which may be sent in two segments itself.
 */
abstract class WireTest {

    static RawBackend server;
    static TestProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        server = RawBackend.start();
        proxy = TestProxy.to(server);
    }

    @AfterAll
    static void assertEverythingReleased() throws Exception {
        await().untilAsserted(() -> {
            Assertions.assertThat(proxy.connections().size()).isZero();
            Assertions.assertThat(proxy.endpoints().openLeases()).isZero();
            Assertions.assertThat(proxy.server().clientConnections()).isZero();
        });
        proxy.close();
        server.close();
    }

    /** How each case is delivered. Over TLS, cutting everywhere takes long: with {@code wsroute.wire.stride} only. */
    static Stream<Delivery> deliveries() {
        boolean everywhere = !TestTls.isOn() || Integer.getInteger("wsroute.wire.stride") != null;
        return Stream.of(Delivery.values())
                .filter(delivery -> everywhere || delivery != Delivery.CUT_IN_TWO_EVERYWHERE);
    }

    /** A new client. */
    static RawPeer connect() throws Exception {
        return cutting(proxy.connect());
    }

    /** The next connection to the backend. */
    static RawPeer accept() throws Exception {
        return cutting(server.accept());
    }

    static RawPeer cutting(RawPeer peer) {
        if (TestTls.cutsRecords()) {
            peer.cutRecords(proxy::finishReading);
        }
        return peer;
    }

    /**
     * Sends bytes in segments that the proxy reads one by one.
     *
     * @param base position of the first byte
     */
    static void send(RawPeer peer, byte[] bytes, int base, NavigableSet<Integer> cuts) throws Exception {
        int from = 0;
        for (int cut : cuts.subSet(base, false, base + bytes.length, false)) {
            peer.send(bytes, from, cut - base - from);
            proxy.finishReading();
            from = cut - base;
        }
        peer.send(bytes, from, bytes.length - from);
    }

    static String cutAt(NavigableSet<Integer> cuts) {
        return cuts.isEmpty() ? ": " : cuts.size() > 1 ? ", byte by byte: " : ", cut at " + cuts.first() + ": ";
    }

    /** Fails with a readable message if other bytes were received. */
    static void gets(String who, RawPeer peer, byte[] expected) throws Exception {
        byte[] received = new byte[expected.length];
        int length = 0;
        while (length < expected.length) {
            int read = peer.readSome(received, length, expected.length - length);
            if (read < 0) {
                Assertions.fail(
                        "%s: the stream ended behind %s instead of %s",
                        who, shown(received, length), shown(expected, expected.length));
            }
            length += read;
            if (Arrays.mismatch(received, 0, length, expected, 0, length) >= 0) {
                Assertions.fail(
                        "%s: got %s instead of %s", who, shown(received, length), shown(expected, expected.length));
            }
        }
    }

    static void seesEnd(String who, RawPeer peer) throws Exception {
        byte[] more = new byte[1024];
        int read = peer.readSome(more, 0, more.length);
        if (read >= 0) {
            Assertions.fail("%s: got %s instead of the end", who, shown(more, read));
        }
    }

    static void seesReset(String who, RawPeer peer) throws Exception {
        byte[] more = new byte[1024];
        try {
            int read = peer.readSome(more, 0, more.length);
            Assertions.fail("%s: got %s instead of a reset", who, read < 0 ? "the end" : shown(more, read));
        } catch (SocketException reset) {
            Assertions.assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static String shown(byte[] bytes, int length) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(length, 300); i++) {
            hex.append(String.format("%02x ", bytes[i]));
        }
        String text = new String(bytes, 0, Math.min(length, 600), StandardCharsets.ISO_8859_1);
        return length + " bytes <" + text + "> = " + hex;
    }
}
