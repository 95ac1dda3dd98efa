// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.frames.FrameTracker.Stop;
import dev.wsroute.proxy.fuzz.Chunks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/** However the bytes are split, the tracker forwards the same as a parser that sees all bytes at once. */
public final class FrameTrackerFuzz {

    private static final int[] LEGAL_RSV = {0, FrameRules.RSV1, FrameRules.ALL_RSV};

    /** "pongpong" */
    private static final long ANSWER = 0x706f6e67706f6e67L;

    private static final int ANSWER_FRAME = 14;

    private FrameTrackerFuzz() {}

    /** The first byte chooses the direction, the reserved bits, the limit of a message, and when to ask for a boundary; the rest is the stream. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int choice = data[0] & 0xff;
        boolean masked = (choice & 1) != 0;
        int legalRsv = LEGAL_RSV[(choice >> 1) % 3];
        long maxMessage = (choice & 8) == 0 ? Long.MAX_VALUE : 200;
        byte[] stream = Arrays.copyOfRange(data, 1, data.length);
        WholeStream expected = WholeStream.read(stream, masked, legalRsv, maxMessage);
        for (List<byte[]> pieces : Chunks.of(stream)) {
            passes(pieces, stream, new FrameTracker(masked, legalRsv, maxMessage), expected);
            stopsAtABoundary(pieces, stream, new FrameTracker(masked, legalRsv, maxMessage), choice >> 4, expected);
            oneMessageAtATime(pieces, stream, new FrameTracker(masked, legalRsv, maxMessage), expected);
            if (masked) {
                swallowsTheAnswer(pieces, stream, new FrameTracker(true, legalRsv, maxMessage), expected);
            }
        }
    }

    /** The first Pong with the awaited payload is dropped; everything else is forwarded as without it. */
    private static void swallowsTheAnswer(
            List<byte[]> pieces, byte[] stream, FrameTracker tracker, WholeStream expected) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        tracker.awaitAnswer(ANSWER);
        for (byte[] piece : pieces) {
            advance(tracker, piece, passed);
            if (tracker.stop() == Stop.ANSWERED) {
                int from = tracker.resumeAt();
                advance(tracker, Arrays.copyOfRange(piece, from, piece.length), passed);
            }
            if (tracker.stop() != Stop.END) {
                break;
            }
        }
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        int held = 0;
        boolean swallowed = false;
        for (int start : expected.frameEnds().headSet(expected.passed(), false)) {
            Integer end = expected.frameEnds().higher(start);
            int to = end == null ? expected.passed() : end;
            if (!swallowed && isAnswer(stream, start, stream.length)) {
                swallowed = end != null;
                held = end == null ? to - start : 0;
            } else {
                wanted.write(stream, start, to - start);
            }
        }
        assertThat(held).isLessThan(ANSWER_FRAME);
        assertThat(passed.toByteArray()).isEqualTo(wanted.toByteArray());
        assertThat(tracker.stop()).isEqualTo(expected.stop());
    }

    /** A frame that begins like the answer is held back until it is known whether it is one. */
    private static boolean isAnswer(byte[] stream, int start, int end) {
        if (end - start < 2 || stream[start] != (byte) 0x8a || stream[start + 1] != (byte) 0x88) {
            return false;
        }
        for (int i = 0; i < 8 && start + 6 + i < end; i++) {
            if ((stream[start + 6 + i] ^ stream[start + 2 + (i & 3)]) != (byte) (ANSWER >> (56 - 8 * i))) {
                // Known only once it is complete.
                return end - start < ANSWER_FRAME;
            }
        }
        return true;
    }

    private static void passes(List<byte[]> pieces, byte[] stream, FrameTracker tracker, WholeStream expected) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            advance(tracker, piece, passed);
            if (tracker.stop() != Stop.END) {
                break;
            }
        }
        assertThat(passed.toByteArray()).isEqualTo(Arrays.copyOf(stream, expected.passed()));
        assertThat(tracker.stop()).isEqualTo(expected.stop());
        assertThat(tracker.messages()).isEqualTo(expected.messages());
        assertThat(tracker.closeCode()).isEqualTo(expected.closeCode());
        assertThat(tracker.atBoundary())
                .isEqualTo(
                        expected.stop() == Stop.CLOSED
                                ? tracker.atBoundary()
                                : expected.frameEnds().contains(expected.passed()));
    }

    /** However often it has to stop before a message, it forwards the same. */
    private static void oneMessageAtATime(
            List<byte[]> pieces, byte[] stream, FrameTracker tracker, WholeStream expected) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            byte[] rest = piece;
            do {
                long before = tracker.messages();
                tracker.allowMessages(1);
                advance(tracker, rest, passed);
                assertThat(tracker.messages() - before).isLessThanOrEqualTo(1);
                if (tracker.stop() == Stop.HELD) {
                    assertThat(expected.frameEnds()).contains(passed.size());
                    rest = Arrays.copyOfRange(rest, tracker.resumeAt(), rest.length);
                }
            } while (tracker.stop() == Stop.HELD);
            if (tracker.stop() != Stop.END) {
                break;
            }
        }
        assertThat(passed.toByteArray()).isEqualTo(Arrays.copyOf(stream, expected.passed()));
        assertThat(tracker.stop()).isEqualTo(expected.stop());
        assertThat(tracker.messages()).isEqualTo(expected.messages());
    }

    /** Asks for a stop before piece {@code when}. */
    private static void stopsAtABoundary(
            List<byte[]> pieces, byte[] stream, FrameTracker tracker, int when, WholeStream expected) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        int before = 0;
        for (int i = 0; i < pieces.size(); i++) {
            if (i == when) {
                if (tracker.atBoundary()) {
                    return;
                }
                before = passed.size();
                tracker.stopAtBoundary(true);
            }
            advance(tracker, pieces.get(i), passed);
            if (tracker.stop() != Stop.END) {
                break;
            }
        }
        if (tracker.stop() == Stop.BOUNDARY) {
            int end = expected.frameEnds().ceiling(before + 1);
            assertThat(passed.toByteArray()).isEqualTo(Arrays.copyOf(stream, end));
        } else if (tracker.stop() == Stop.END && pieces.size() > when) {
            assertThat(expected.frameEnds().ceiling(before + 1)).isNull();
        }
    }

    private static void advance(FrameTracker tracker, byte[] piece, ByteArrayOutputStream passed) {
        ByteBuf buffer = Unpooled.wrappedBuffer(piece);
        int limit = tracker.advance(buffer, 0, piece.length);
        ByteBuf header = Unpooled.buffer(HeldHeader.CAPACITY);
        tracker.writeReleased(header);
        passed.write(header.array(), 0, tracker.released());
        passed.write(piece, 0, limit);
    }
}
