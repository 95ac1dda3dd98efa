// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** Sends binary messages through a tunnel and expects them to arrive unchanged. */
public final class Messages {

    private static final int[] SIZES = {0, 1, 125, 126, 16_000, 16_384, 16_385, 70_000};
    private static final int LONGEST = 200_000;

    private Messages() {}

    /** Both ways, of sizes at the limits of frame headers and TLS records. */
    public static void ofEverySize(TestProxy.Pair tunnel) throws IOException {
        for (int size : SIZES) {
            byte[] payload = payload(size, new Random(size));

            tunnel.client().send(Frame.encode(Frame.BINARY, payload, true));
            assertThat(tunnel.backend().readFrame().payload()).isEqualTo(payload);
            tunnel.backend().send(Frame.encode(Frame.BINARY, payload, false));
            assertThat(tunnel.client().readFrame().payload()).isEqualTo(payload);
        }
    }

    /**
     * One way, of random sizes up to several reads of the proxy.
     *
     * @param masked whether the sender is the client
     */
    public static void ofRandomSizes(int number, Random random, TlsPeerChannel from, boolean masked, RawPeer to)
            throws Exception {
        for (int i = 0; i < number; i++) {
            byte[] payload = payload(random.nextInt(LONGEST), random);
            Thread sending = new Thread(() -> send(from, Frame.encode(Frame.BINARY, payload, masked)));
            sending.start();

            assertThat(to.readFrame().payload()).isEqualTo(payload);
            sending.join();
        }
    }

    private static byte[] payload(int size, Random random) {
        byte[] payload = new byte[size];
        random.nextBytes(payload);
        return payload;
    }

    private static void send(TlsPeerChannel from, byte[] bytes) {
        try {
            from.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
