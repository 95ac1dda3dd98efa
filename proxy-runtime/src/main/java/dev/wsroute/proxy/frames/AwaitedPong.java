// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

/** The expected answer to a Ping of the proxy: a client's Pong with the same eight bytes (RFC 6455 §5.5.3). */
final class AwaitedPong {

    private static final int PAYLOAD = Long.BYTES;

    /** A masked Pong of eight bytes. */
    static final int LENGTH = 2 + 4 + PAYLOAD;

    private final long payload;

    AwaitedPong(long payload) {
        this.payload = payload;
    }

    /** Whether a frame that starts with these two bytes may be the Pong, so that all of it must be read. */
    static boolean mayBegin(int first, int second) {
        return first == (FrameRules.FIN | FrameRules.PONG) && second == (FrameRules.MASKED | PAYLOAD);
    }

    /** @param masked masked payload as received */
    boolean is(int key, long masked) {
        long mask = (key & 0xffffffffL) << 32 | (key & 0xffffffffL);
        return (masked ^ mask) == payload;
    }
}
