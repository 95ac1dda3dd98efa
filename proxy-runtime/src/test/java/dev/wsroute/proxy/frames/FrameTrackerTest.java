// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.wsroute.proxy.frames.FrameTracker.Stop;
import dev.wsroute.proxy.testkit.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTrackerTest {

    private static FrameTracker tracker(boolean masked, int legalRsv) {
        return new FrameTracker(masked, legalRsv, Long.MAX_VALUE);
    }

    private static byte[] conversation(boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Frame.text("", masked));
        out.writeBytes(Frame.text("short", masked));
        out.writeBytes(Frame.encode(0x02, new byte[130], masked));
        out.writeBytes(Frame.encode(Frame.PING, new byte[13], masked));
        out.writeBytes(Frame.encode(0x80, new byte[3], masked));
        out.writeBytes(Frame.encode(Frame.BINARY, new byte[70_000], masked));
        out.writeBytes(Frame.close(1000, "bye", masked));
        return out.toByteArray();
    }

    /** Feeds the pieces and returns the forwarded bytes. */
    private static byte[] pass(FrameTracker tracker, byte[]... pieces) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            ByteBuf buffer = Unpooled.wrappedBuffer(piece);
            int limit = tracker.advance(buffer, 0, piece.length);
            ByteBuf header = Unpooled.buffer(16);
            tracker.writeReleased(header);
            passed.write(header.array(), 0, tracker.released());
            passed.write(piece, 0, limit);
            if (tracker.stop() != Stop.END) {
                break;
            }
        }
        return passed.toByteArray();
    }

    @Test
    void itStopsBeforeAMessageTooManyAndNotBeforeOtherFrames() {
        FrameTracker tracker = tracker(true, 0);
        byte[] all = conversation(true);
        byte[] first = slice(all, 0, 6);
        tracker.allowMessages(1);

        assertThat(pass(tracker, all)).isEqualTo(first);
        assertThat(tracker.stop()).isEqualTo(Stop.HELD);
        assertThat(tracker.resumeAt()).isEqualTo(first.length);
        assertThat(tracker.atBoundary()).isTrue();

        tracker.allowMessages(2);
        byte[] rest = slice(all, first.length, all.length);
        byte[] last = Frame.encode(Frame.BINARY, new byte[70_000], true);
        int close = Frame.close(1000, "bye", true).length;
        assertThat(pass(tracker, rest)).isEqualTo(slice(rest, 0, rest.length - last.length - close));
        assertThat(tracker.messages()).isEqualTo(3);

        tracker.allowMessages(Long.MAX_VALUE);
        assertThat(pass(tracker, slice(all, all.length - last.length - close, all.length)))
                .hasSize(last.length + close);
        assertThat(tracker.stop()).isEqualTo(Stop.CLOSED);
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyBytePassesWhereverTheStreamIsSplitInTwo(boolean masked) {
        byte[] all = conversation(masked);
        for (int cut = 0; cut <= all.length; cut += cut > 400 && cut < all.length - 400 ? 997 : 1) {
            FrameTracker tracker = tracker(masked, 0);

            byte[] passed = pass(tracker, slice(all, 0, cut), slice(all, cut, all.length));

            assertThat(passed).as("cut at %d", cut).isEqualTo(all);
            assertThat(tracker.stop()).isEqualTo(Stop.CLOSED);
            assertThat(tracker.messages()).isEqualTo(4);
            assertThat(tracker.closeCode()).isEqualTo(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyBytePassesWhereverTheStreamIsSplitInThree(boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Frame.text("a", masked));
        out.writeBytes(Frame.encode(Frame.BINARY, new byte[126], masked));
        out.writeBytes(Frame.encode(Frame.PONG, new byte[0], masked));
        out.writeBytes(Frame.text("b", masked));
        out.writeBytes(Frame.close(1000, "", masked));
        byte[] all = out.toByteArray();
        for (int first = 0; first <= all.length; first++) {
            for (int second = first; second <= all.length; second++) {
                byte[] passed = pass(
                        tracker(masked, 0),
                        slice(all, 0, first),
                        slice(all, first, second),
                        slice(all, second, all.length));

                assertThat(passed).as("cut at %d and %d", first, second).isEqualTo(all);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyBytePassesIfTheStreamArrivesByteByByte(boolean masked) {
        byte[] all = conversation(masked);
        FrameTracker tracker = tracker(masked, 0);
        byte[][] bytes = new byte[all.length][];
        for (int i = 0; i < all.length; i++) {
            bytes[i] = new byte[] {all[i]};
        }

        assertThat(pass(tracker, bytes)).isEqualTo(all);

        assertThat(tracker.stop()).isEqualTo(Stop.CLOSED);
        assertThat(tracker.closeCode()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 126, 65_535, 65_536, 1L << 40})
    void keepsAnIncompleteHeaderBackUntilItIsWhole(long length) {
        byte[] header = Frame.header(Frame.BINARY, length, true);
        for (int cut = 1; cut < header.length; cut++) {
            FrameTracker tracker = tracker(true, 0);

            assertThat(pass(tracker, slice(header, 0, cut))).isEmpty();
            assertThat(tracker.atBoundary()).isTrue();

            assertThat(pass(tracker, slice(header, cut, header.length))).isEqualTo(header);
            assertThat(tracker.atBoundary()).isFalse();
        }
    }

    @Test
    void stopsAtTheBoundaryItIsAskedToStopAt() {
        byte[] first = Frame.text("one", true);
        byte[] second = Frame.text("two", true);
        byte[] both = ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
        FrameTracker tracker = tracker(true, 0);
        pass(tracker, slice(both, 0, 7));

        tracker.stopAtBoundary(true);
        byte[] passed = pass(tracker, slice(both, 7, both.length));

        assertThat(tracker.stop()).isEqualTo(Stop.BOUNDARY);
        assertThat(passed).isEqualTo(slice(first, 7, first.length));
    }

    @Test
    void passesNothingBehindAClose() {
        byte[] close = Frame.close(1001, "", false);
        byte[] more = ByteBuffer.allocate(close.length + 5).put(close).array();
        FrameTracker tracker = tracker(false, 0);

        assertThat(pass(tracker, more)).isEqualTo(close);
        assertThat(tracker.stop()).isEqualTo(Stop.CLOSED);
    }

    /** A masked header whose length takes {@code bytes}. */
    private static byte[] withLengthOf(int bytes, int length) {
        ByteBuffer header = ByteBuffer.allocate(2 + bytes + 4);
        header.put((byte) Frame.BINARY).put((byte) (bytes == 2 ? 0xfe : 0xff));
        return (bytes == 2 ? header.putShort((short) length) : header.putLong(length)).array();
    }

    static Stream<byte[]> brokenFromAClient() {
        byte[] tooLong = Frame.header(Frame.BINARY, 65_536, true);
        tooLong[2] = (byte) 0x80;
        return Stream.of(
                Frame.text("not masked", false),
                Frame.encode(Frame.PING, new byte[126], true),
                Frame.encode(0x09, new byte[1], true),
                Frame.encode(0x83, new byte[1], true),
                Frame.encode(0x8b, new byte[1], true),
                Frame.encode(0xc1, new byte[1], true),
                Frame.encode(0x80, new byte[1], true),
                Frame.encode(Frame.CLOSE, new byte[1], true),
                withLengthOf(2, 125),
                withLengthOf(2, 0),
                withLengthOf(8, 125),
                withLengthOf(8, 65_535),
                tooLong);
    }

    @ParameterizedTest
    @MethodSource("brokenFromAClient")
    void stopsBeforeAFrameThatBreaksTheProtocol(byte[] frame) {
        byte[] good = Frame.text("good", true);
        byte[] both = ByteBuffer.allocate(good.length + frame.length)
                .put(good)
                .put(frame)
                .array();
        FrameTracker tracker = tracker(true, 0);

        assertThat(pass(tracker, both)).isEqualTo(good);
        assertThat(tracker.stop()).isEqualTo(Stop.BROKEN);
        for (int cut = good.length; cut < good.length + 2; cut++) {
            FrameTracker again = tracker(true, 0);
            assertThat(pass(again, slice(both, 0, cut), slice(both, cut, both.length)))
                    .isEqualTo(good);
            assertThat(again.stop()).isEqualTo(Stop.BROKEN);
        }
    }

    @Test
    void nothingIsAllocatedForSplitOrWholeFrames() {
        byte[] frames = conversation(true);
        // Without the Close, so that the tracker continues. A heap buffer, since the leak detector records accesses to
        // others.
        ByteBuf buffer = Unpooled.wrappedBuffer(frames, 0, frames.length - 11);
        FrameTracker tracker = tracker(true, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();

        long before = 0;
        for (int round = 0; round < 200; round++) {
            if (round == 100) {
                before = threads.getThreadAllocatedBytes(self);
            }
            for (int index = 0; index < buffer.writerIndex(); index += 3) {
                tracker.advance(buffer, index, Math.min(index + 3, buffer.writerIndex()));
            }
        }
        long allocated = threads.getThreadAllocatedBytes(self) - before;
        buffer.release();

        assertThat(tracker.stop()).isEqualTo(Stop.END);
        // 600 frames, all with split headers. The remainder is the cost of measuring.
        assertThat(allocated).isLessThan(5_000);
    }

    @Test
    void takesAMaskedFrameFromABackendForBroken() {
        FrameTracker tracker = tracker(false, 0);

        assertThat(pass(tracker, Frame.text("masked", true))).isEmpty();
        assertThat(tracker.stop()).isEqualTo(Stop.BROKEN);
    }

    @Test
    void takesANewMessageWithinAFragmentedOneForBroken() {
        FrameTracker tracker = tracker(false, 0);

        pass(tracker, Frame.encode(0x01, new byte[2], false), Frame.encode(0x01, new byte[2], false));

        assertThat(tracker.stop()).isEqualTo(Stop.BROKEN);
    }

    @Test
    void allowsTheReservedBitOfANegotiatedExtensionOnTheFirstFrameOfAMessageOnly() {
        FrameTracker tracker = tracker(false, FrameRules.RSV1);

        pass(tracker, Frame.encode(0x41, new byte[2], false));
        assertThat(tracker.stop()).isEqualTo(Stop.END);
        pass(tracker, Frame.encode(0xc0, new byte[2], false));
        assertThat(tracker.stop()).isEqualTo(Stop.BROKEN);
    }
}
