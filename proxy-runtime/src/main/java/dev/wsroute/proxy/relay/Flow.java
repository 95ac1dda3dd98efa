// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.frames.CloseCode;
import dev.wsroute.proxy.frames.FrameTracker;
import dev.wsroute.proxy.frames.FrameTracker.Stop;
import dev.wsroute.proxy.frames.HeldHeader;
import dev.wsroute.proxy.metrics.TunnelMeter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Forwards the frames of one side of a tunnel to the other side until a Close was written there, from the source or
 * from the proxy.
 */
final class Flow {

    /** What was found among the frames of one read. */
    enum FrameEvent {
        NONE,
        /** A frame ended, and the proxy's Close was written after it. */
        OWN_CLOSE_WRITTEN,
        /** The source has sent its Close. */
        CLOSE,
        /** The source has violated RFC 6455. */
        BROKEN,
        /** The source has sent a message above the size limit. */
        TOO_BIG
    }

    /** What the receiver gets of the source's frames. */
    private enum Forwarding {
        ACTIVE,
        /** A Close was written. Nothing may follow it. */
        CLOSED,
        /** Frames are dropped, and no Close was written. */
        DISCARDING
    }

    /** What the source sends. */
    private enum Input {
        FRAMES,
        /** The source has sent a Close. What follows is ignored. */
        CLOSED,
        /** The input cannot be parsed as frames any more. */
        UNREADABLE
    }

    private final FrameTracker tracker;
    private Forwarding forwarding = Forwarding.ACTIVE;
    private Input input = Input.FRAMES;
    /** Written at the next frame boundary. */
    private @Nullable CloseReason closeDue;

    private int closeDueCode;

    private @Nullable Long pingDue;
    private long bytes;
    private long reportedBytes;
    private long reportedMessages;

    Flow(FrameTracker tracker) {
        this.tracker = tracker;
    }

    /** A Close frame was written to the receiver. */
    boolean closeWritten() {
        return forwarding == Forwarding.CLOSED;
    }

    /** Whether the source has sent its Close frame or unreadable input. */
    boolean isOver() {
        return input != Input.FRAMES;
    }

    /** Whether the source has sent its Close frame. */
    boolean closeReceived() {
        return input == Input.CLOSED;
    }

    /** Whether forwarding has stopped. */
    boolean discards() {
        return forwarding != Forwarding.ACTIVE;
    }

    /** Whether a frame of the proxy may be written now. */
    boolean atBoundary() {
        return tracker.atBoundary();
    }

    /** Bytes received, without answers to the proxy's Pings. */
    long bytes() {
        return bytes;
    }

    long messages() {
        return tracker.messages();
    }

    /** Code of the source's Close; {@link CloseCode#NO_STATUS} if it has none. */
    int closeCode() {
        return tracker.closeCode() < 0 ? CloseCode.NO_STATUS : tracker.closeCode();
    }

    /** Whether the source has sent a Ping since the last call. */
    boolean takePing() {
        return tracker.takePing();
    }

    /** Drops the source's Pong with this payload. */
    void awaitAnswer(long payload) {
        tracker.awaitAnswer(payload);
    }

    /**
     * Forwards input of the source. The caller keeps the buffer. Returns the last event, {@link FrameEvent#NONE} for none.
     *
     * @param headroom number of free bytes before the input
     */
    FrameEvent read(ByteBuf buffer, int headroom, FrameOutput to) {
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        bytes += end - start;
        if (input != Input.FRAMES) {
            return FrameEvent.NONE;
        }
        FrameEvent event = FrameEvent.NONE;
        int limit = tracker.advance(buffer, start, end);
        if (tracker.released() > 0 && !discards()) {
            start = passHeldHeader(buffer, start, headroom, to);
        }
        Stop stop = tracker.stop();
        while (stop == Stop.BOUNDARY || stop == Stop.ANSWERED) {
            pass(buffer, start, limit, to);
            if (stop == Stop.ANSWERED) {
                bytes -= HeldHeader.CAPACITY;
            } else if (writeDue(to)) {
                event = FrameEvent.OWN_CLOSE_WRITTEN;
            }
            start = tracker.resumeAt();
            limit = tracker.advance(buffer, start, end);
            stop = tracker.stop();
        }
        if (stop == Stop.CLOSED && !discards()) {
            to.closeFollows();
        }
        pass(buffer, start, limit, to);
        if (stop == Stop.HELD) {
            bytes -= end - tracker.resumeAt();
            return event;
        }
        return stop == Stop.END ? event : over(stop);
    }

    /** Makes {@link #read} stop before the first data message after so many more; {@link Long#MAX_VALUE}: it does not stop. */
    void allowMessages(long more) {
        tracker.allowMessages(more);
    }

    /** Index of the first byte that the last {@link #read} did not read since its message is not allowed; -1 if it read all. */
    int heldFrom() {
        return tracker.stop() == Stop.HELD ? tracker.resumeAt() : -1;
    }

    private FrameEvent over(Stop stop) {
        if (stop != Stop.CLOSED) {
            input = Input.UNREADABLE;
            return stop == Stop.TOO_BIG ? FrameEvent.TOO_BIG : FrameEvent.BROKEN;
        }
        input = Input.CLOSED;
        if (!discards()) {
            forwarding = Forwarding.CLOSED;
        }
        return FrameEvent.CLOSE;
    }

    private void pass(ByteBuf buffer, int start, int limit, FrameOutput to) {
        if (limit > start && !discards()) {
            to.pass(buffer, start, limit);
        }
    }

    /**
     * Returns the index to forward from. The first part of a split header is copied in front of the input if it fits
     * there.
     */
    private int passHeldHeader(ByteBuf buffer, int start, int headroom, FrameOutput to) {
        int header = tracker.released();
        if (header > headroom) {
            to.passHeld(tracker);
            return start;
        }
        buffer.setIndex(start - header, start - header);
        tracker.writeReleased(buffer);
        return start - header;
    }

    /** Writes a Ping at the next frame boundary, unless a Close was written or is pending. */
    void ping(long payload, FrameOutput to) {
        if (discards() || closeDue != null) {
            return;
        }
        if (tracker.atBoundary()) {
            to.writePing(payload);
            to.flush();
        } else {
            pingDue = payload;
            tracker.stopAtBoundary(true);
        }
    }

    /** Writes Close at the next frame boundary, unless one was written or forwarding has stopped. */
    void requestClose(CloseReason reason, int code, FrameOutput to) {
        if (discards() || closeDue != null) {
            return;
        }
        closeDue = reason;
        closeDueCode = code;
        if (tracker.atBoundary()) {
            writeClose(reason, code, to);
        } else {
            tracker.stopAtBoundary(true);
        }
    }

    /** Writes the proxy's frames that were due at this boundary. Returns whether one was a Close. */
    private boolean writeDue(FrameOutput to) {
        tracker.stopAtBoundary(false);
        Long ping = pingDue;
        pingDue = null;
        if (closeDue != null) {
            writeClose(closeDue, closeDueCode, to);
            return true;
        }
        if (ping != null) {
            to.writePing(ping);
        }
        return false;
    }

    private void writeClose(CloseReason reason, int code, FrameOutput to) {
        tracker.stopAtBoundary(false);
        forwarding = Forwarding.CLOSED;
        to.writeClose(reason, code);
    }

    /** Stops forwarding. */
    void discard() {
        tracker.stopAtBoundary(false);
        if (forwarding == Forwarding.ACTIVE) {
            forwarding = Forwarding.DISCARDING;
        }
    }

    /** Reports input since the last report to the meter. */
    void report(TunnelMeter meter, TunnelPeer from) {
        long newBytes = bytes - reportedBytes;
        if (newBytes > 0) {
            long newMessages = tracker.messages() - reportedMessages;
            reportedBytes = bytes;
            reportedMessages = tracker.messages();
            meter.relayed(from.sends(), newMessages, newBytes);
        }
    }
}
