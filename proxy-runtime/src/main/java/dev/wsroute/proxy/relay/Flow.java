package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.metrics.Direction;
import dev.wsroute.proxy.relay.FrameTracker.Stop;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One direction of a tunnel: passes frames on until a Close has been written, the source's own or the proxy's. */
final class Flow {

    private final Tunnel tunnel;
    private final Direction direction;
    private final Side to;
    private final FrameTracker tracker;
    private @Nullable CloseReason pending;
    private boolean pingPending;
    private long pingPayload;
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

    /** All that came, but for answers to pings of the proxy's own. */
    long bytes() {
        return bytes;
    }

    long messages() {
        return tracker.messages();
    }

    int closeCode() {
        return tracker.closeCode();
    }

    /** Whether the source has sent a Ping since this was last asked. */
    boolean takePing() {
        return tracker.takePing();
    }

    /** Swallows the source's Pong with this payload. */
    void awaitAnswer(long payload) {
        tracker.awaitAnswer(payload);
    }

    /**
     * Passes on what the source sent; the buffer stays the caller's.
     *
     * @param headroom so many bytes before what came are free
     */
    void read(ByteBuf buffer, int headroom) {
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        bytes += end - start;
        if (closeSeen) {
            return;
        }
        int limit = tracker.advance(buffer, start, end);
        if (tracker.released() > 0 && !discarding) {
            start = passHeldHeader(buffer, start, headroom);
        }
        Stop stop = tracker.stop();
        while (stop == Stop.BOUNDARY || stop == Stop.ANSWERED) {
            pass(buffer, start, limit);
            if (stop == Stop.BOUNDARY) {
                writeOwn();
            } else {
                bytes -= HeldHeader.CAPACITY;
            }
            start = tracker.resumeAt();
            limit = tracker.advance(buffer, start, end);
            stop = tracker.stop();
        }
        if (stop == Stop.CLOSED && !discarding && tunnel.hasSaidClose(to)) {
            to.lastFollows();
        }
        pass(buffer, start, limit);
        if (stop != Stop.END) {
            stopped(stop);
        }
    }

    private void stopped(Stop stop) {
        closeSeen = true;
        if (stop == Stop.CLOSED) {
            if (!discarding) {
                closeWritten = true;
                discarding = true;
            }
            tunnel.closeSeen(this);
        } else {
            tunnel.broken(stop == Stop.TOO_BIG ? CloseReason.MESSAGE_TOO_BIG : CloseReason.PROTOCOL_ERROR);
        }
    }

    private void pass(ByteBuf buffer, int start, int limit) {
        if (!discarding && limit > start) {
            to.pass(buffer, start, limit);
        }
    }

    /** Returns where to pass on from: the header's first part is put before what came, where there is room for it. */
    private int passHeldHeader(ByteBuf buffer, int start, int headroom) {
        int header = tracker.released();
        if (header > headroom) {
            to.passHeld(tracker);
            return start;
        }
        buffer.setIndex(start - header, start - header);
        tracker.writeReleased(buffer);
        return start - header;
    }

    /** Writes a Ping as soon as a frame ends; not if a Close was written already, or is to be. */
    void ping(long payload) {
        if (discarding || pending != null) {
            return;
        }
        if (tracker.atBoundary()) {
            to.writePing(payload);
            to.flush();
        } else {
            pingPending = true;
            pingPayload = payload;
            tracker.stopAtBoundary(true);
        }
    }

    /** Writes Close as soon as a frame ends; not if one was written already. */
    void requestClose(CloseReason reason) {
        if (discarding || pending != null) {
            return;
        }
        pending = reason;
        if (tracker.atBoundary()) {
            writeClose(reason);
        } else {
            tracker.stopAtBoundary(true);
        }
    }

    /** A frame ended that something of the proxy's own waits for. */
    private void writeOwn() {
        tracker.stopAtBoundary(false);
        if (pending != null) {
            writeClose(pending);
        } else if (pingPending) {
            to.writePing(pingPayload);
        }
        pingPending = false;
    }

    private void writeClose(CloseReason reason) {
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
