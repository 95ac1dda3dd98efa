// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import dev.wsroute.proxy.frames.FrameTracker.Stop;
import dev.wsroute.proxy.microbench.Microbenchmark;
import dev.wsroute.proxy.relay.LoopBuffer;
import dev.wsroute.proxy.testkit.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.Epoll;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Cost of tracking one frame of a client in the event loop's own buffer. */
public class FrameTrackerBenchmark extends Microbenchmark {

    private static final int SMALL = 64;
    private static final int BURST = 16 * 1024;
    private static final int BULK = 64 * 1024;
    private static final int SMALL_FRAMES = BURST / (SMALL + 6);

    /** Number of bytes of a header that arrive with the previous read. */
    private static final int CUT = 3;

    private final FrameTracker tracker = new FrameTracker(true, 0, Long.MAX_VALUE);
    private LoopBuffer loop;
    private ByteBuf buffer;
    private int smallFrame;
    private int burstStart;
    private int cutStart;
    private int bulkFrame;

    @Setup
    public void fill() {
        Epoll.ensureAvailability();
        loop = new LoopBuffer();
        buffer = loop.buffer();
        byte[] small = Frame.encode(Frame.BINARY, new byte[SMALL], true);
        byte[] bulk = Frame.header(Frame.BINARY, BULK, true);
        smallFrame = small.length;
        bulkFrame = bulk.length + BULK;
        cutStart = LoopBuffer.HEADROOM;
        burstStart = cutStart + smallFrame;
        // A frame whose first bytes are behind the rest, as if the rest had been read into the same buffer later.
        buffer.setBytes(cutStart, small, CUT, smallFrame - CUT);
        buffer.setBytes(cutStart + smallFrame - CUT, small, 0, CUT);
        for (int i = 0; i < SMALL_FRAMES; i++) {
            buffer.setBytes(burstStart + i * smallFrame, small);
        }
        buffer.setBytes(burstStart + SMALL_FRAMES * smallFrame, bulk);
    }

    @Benchmark
    public int smallFrame() {
        return tracker.advance(buffer, burstStart, burstStart + smallFrame);
    }

    @Benchmark
    @OperationsPerInvocation(SMALL_FRAMES)
    public int smallFrameOfABurst() {
        return tracker.advance(buffer, burstStart, burstStart + SMALL_FRAMES * smallFrame);
    }

    /** A frame of 64 KiB. As with a socket, it takes two reads, since there is also a header. */
    @Benchmark
    public int largeFrame() {
        int start = burstStart + SMALL_FRAMES * smallFrame;
        int read = buffer.capacity() - start;
        return tracker.advance(buffer, start, start + read)
                + tracker.advance(buffer, cutStart, cutStart + bulkFrame - read);
    }

    /** The held bytes are copied in front of the rest. */
    @Benchmark
    public int smallFrameWithItsHeaderCut() {
        int first = cutStart + smallFrame - CUT;
        int passed = tracker.advance(buffer, first, first + CUT);
        passed += tracker.advance(buffer, cutStart, cutStart + smallFrame - CUT);
        int start = cutStart - tracker.released();
        buffer.setIndex(start, start);
        tracker.writeReleased(buffer);
        return passed;
    }

    @TearDown
    public void allWereFrames() {
        if (tracker.stop() != Stop.END || !tracker.atBoundary() || tracker.messages() == 0) {
            throw new IllegalStateException("The tracker stopped: " + tracker.stop());
        }
    }
}
