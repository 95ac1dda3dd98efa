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
 * The frames of one end of a tunnel, passed on to the other end until a Close has been written there, either the
 * source's or the proxy's own.
 */
final class Flow {

    /** Results of reading, apart from frames. */
    enum Heard {
        NOTHING_ELSE,
        /** A frame ended, and the proxy's Close was written behind it. */
        OWN_CLOSE_WRITTEN,
        /** The source's Close. */
        CLOSE,
        /** What breaks RFC 6455. */
        BROKEN,
        /** A message above the limit. */
        TOO_BIG
    }

    /** How frames of the source are treated. */
    private enum Receiver {
        TAKES_FRAMES,
        /** A Close was written: nothing may follow it. */
        HAS_CLOSE,
        /** Nothing is passed on, and no Close was written. */
        CUT_OFF
    }

    private enum Source {
        SPEAKS,
        HAS_SAID_CLOSE,
        /** What it sends can't be read as frames any more. */
        UNREADABLE
    }

    private final FrameTracker tracker;
    private Receiver receiver = Receiver.TAKES_FRAMES;
    private Source source = Source.SPEAKS;
    /** Goes out as soon as a frame ends. */
    private @Nullable CloseReason closeDue;

    private @Nullable Long pingDue;
    private long bytes;
    private long reportedBytes;
    private long reportedMessages;

    Flow(FrameTracker tracker) {
        this.tracker = tracker;
    }

    /** A Close frame was written to the receiver. */
    boolean closeWritten() {
        return receiver == Receiver.HAS_CLOSE;
    }

    /** The source has sent its Close frame, or what can't be read any more. */
    boolean isOver() {
        return source != Source.SPEAKS;
    }

    boolean hasSaidClose() {
        return source == Source.HAS_SAID_CLOSE;
    }

    /** Nothing is passed on any more. */
    boolean discards() {
        return receiver != Receiver.TAKES_FRAMES;
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

    /** Of the source's Close; {@link CloseCode#NO_STATUS} where it has none. */
    int closeCode() {
        return tracker.closeCode() < 0 ? CloseCode.NO_STATUS : tracker.closeCode();
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
    Heard read(ByteBuf buffer, int headroom, FrameOutput to) {
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        bytes += end - start;
        if (source != Source.SPEAKS) {
            return Heard.NOTHING_ELSE;
        }
        Heard heard = Heard.NOTHING_ELSE;
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
                heard = Heard.OWN_CLOSE_WRITTEN;
            }
            start = tracker.resumeAt();
            limit = tracker.advance(buffer, start, end);
            stop = tracker.stop();
        }
        if (stop == Stop.CLOSED && !discards()) {
            to.closeFollows();
        }
        pass(buffer, start, limit, to);
        return stop == Stop.END ? heard : over(stop);
    }

    private Heard over(Stop stop) {
        if (stop != Stop.CLOSED) {
            source = Source.UNREADABLE;
            return stop == Stop.TOO_BIG ? Heard.TOO_BIG : Heard.BROKEN;
        }
        source = Source.HAS_SAID_CLOSE;
        if (!discards()) {
            receiver = Receiver.HAS_CLOSE;
        }
        return Heard.CLOSE;
    }

    private void pass(ByteBuf buffer, int start, int limit, FrameOutput to) {
        if (limit > start && !discards()) {
            to.pass(buffer, start, limit);
        }
    }

    /** Returns where to pass on from: the header's first part is put before what came, where there is room for it. */
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

    /** Writes a Ping as soon as a frame ends; not if a Close was written already, or is to be. */
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

    /** Writes Close as soon as a frame ends; not if one was written already, or nothing is passed on. */
    void requestClose(CloseReason reason, FrameOutput to) {
        if (discards() || closeDue != null) {
            return;
        }
        closeDue = reason;
        if (tracker.atBoundary()) {
            writeClose(reason, to);
        } else {
            tracker.stopAtBoundary(true);
        }
    }

    /** Writes what waited for the end of a frame. Returns whether that was a Close. */
    private boolean writeDue(FrameOutput to) {
        tracker.stopAtBoundary(false);
        Long ping = pingDue;
        pingDue = null;
        if (closeDue != null) {
            writeClose(closeDue, to);
            return true;
        }
        if (ping != null) {
            to.writePing(ping);
        }
        return false;
    }

    private void writeClose(CloseReason reason, FrameOutput to) {
        tracker.stopAtBoundary(false);
        receiver = Receiver.HAS_CLOSE;
        to.writeClose(reason);
    }

    /** Passes nothing on any more. */
    void discard() {
        tracker.stopAtBoundary(false);
        if (receiver == Receiver.TAKES_FRAMES) {
            receiver = Receiver.CUT_OFF;
        }
    }

    /** Tells the meter what came since it was last told. */
    void report(TunnelMeter meter, TunnelPeer from) {
        long newBytes = bytes - reportedBytes;
        if (newBytes > 0) {
            long newMessages = tracker.messages() - reportedMessages;
            reportedBytes = bytes;
            reportedMessages = tracker.messages();
            meter.relayed(from.speaks(), newMessages, newBytes);
        }
    }
}
