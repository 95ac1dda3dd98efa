package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.Direction;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One direction of a tunnel: passes frames on until a Close has been written, the source's own or the proxy's. */
final class Flow {

    private final Tunnel tunnel;
    private final Direction direction;
    private final Side to;
    private final FrameTracker tracker;
    private @Nullable CloseReason pending;
    private boolean closeWritten;
    private boolean closeSeen;
    private boolean discarding;
    private long bytes;
    private long reportedBytes;
    private long reportedMessages;

    Flow(Tunnel tunnel, Direction direction, Side to, FrameTracker tracker) {
        this.tunnel = tunnel;
        this.direction = direction;
        this.to = to;
        this.tracker = tracker;
    }

    /** A Close frame was written to the receiver: nothing may follow it. */
    boolean closeWritten() {
        return closeWritten;
    }

    /** The source has sent its Close frame, or what can't be read any more. */
    boolean closeSeen() {
        return closeSeen;
    }

    /** Nothing is passed on any more. */
    boolean discarding() {
        return discarding;
    }

    /** A frame of the proxy's own could be written now. */
    boolean atBoundary() {
        return tracker.atBoundary();
    }

    long bytes() {
        return bytes;
    }

    long messages() {
        return tracker.messages();
    }

    int closeCode() {
        return tracker.closeCode();
    }

    /** Takes what the source sent. */
    void read(ByteBuf buffer) {
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        bytes += end - start;
        if (closeSeen) {
            buffer.release();
            return;
        }
        int limit = tracker.advance(buffer, start, end);
        FrameTracker.Stop stop = tracker.stop();
        boolean boundary = stop == FrameTracker.Stop.BOUNDARY;
        if (boundary) {
            // What is behind the boundary is dropped, but for the knowledge whether the source's Close is in it.
            tracker.stopAtBoundary(false);
            tracker.advance(buffer, limit, end);
            stop = tracker.stop();
        }
        if (discarding) {
            buffer.release();
        } else {
            pass(buffer, start, limit);
        }
        CloseReason ours = pending;
        if (boundary && ours != null) {
            write(ours);
        }
        if (stop == FrameTracker.Stop.CLOSED) {
            closeSeen = true;
            if (!discarding) {
                closeWritten = true;
                discarding = true;
            }
            tunnel.closeSeen(this);
        } else if (stop == FrameTracker.Stop.BROKEN) {
            closeSeen = true;
            tunnel.broken(this);
        }
    }

    private void pass(ByteBuf buffer, int start, int limit) {
        byte[] header = tracker.released();
        if (header.length > 0) {
            to.write(to.allocator().buffer(header.length).writeBytes(header));
        }
        if (limit == start) {
            buffer.release();
        } else {
            to.write(buffer.writerIndex(limit));
        }
    }

    /** Writes Close as soon as a frame ends; not if one was written already. */
    void requestClose(CloseReason reason) {
        if (discarding || pending != null) {
            return;
        }
        pending = reason;
        if (tracker.atBoundary()) {
            write(reason);
        } else {
            tracker.stopAtBoundary(true);
        }
    }

    private void write(CloseReason reason) {
        closeWritten = true;
        discard();
        to.writeClose(reason);
        tunnel.closeWritten();
    }

    /** Passes nothing on any more. */
    void discard() {
        tracker.stopAtBoundary(false);
        discarding = true;
        tunnel.followPace(this);
    }

    /** Tells the meter what came since it was last told. */
    void report() {
        long newBytes = bytes - reportedBytes;
        if (newBytes > 0) {
            long newMessages = tracker.messages() - reportedMessages;
            reportedBytes = bytes;
            reportedMessages = tracker.messages();
            tunnel.meter().relayed(direction, newMessages, newBytes);
        }
    }
}
