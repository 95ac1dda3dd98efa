package dev.wsroute.proxy.frames;

import dev.wsroute.proxy.frames.FrameRules.Verdict;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of one direction (RFC 6455 §5.2) by their headers; payloads are stepped over. It copies nothing,
 * but for a header that is cut by the end of a buffer: its first part is kept here until the rest has come, so that
 * nothing can get between. Nothing is allocated per frame.
 *
 * <p>Once it has stopped at {@link Stop#CLOSED}, {@link Stop#BROKEN} or {@link Stop#TOO_BIG}, what follows can't be read
 * as frames any more.
 */
public final class FrameTracker {

    /** Why {@link #advance} returned. */
    public enum Stop {
        /** All was read. What is behind the returned index is the beginning of a header, and kept. */
        END,
        /** A frame ended, as {@link #stopAtBoundary} asked for. */
        BOUNDARY,
        /** The awaited Pong begins at the returned index, or began in an earlier buffer; it is not to be passed on. */
        ANSWERED,
        /** A Close frame ended. */
        CLOSED,
        /** The header at the returned index breaks RFC 6455. */
        BROKEN,
        /** The frame at the returned index makes its message too big. */
        TOO_BIG
    }

    private static final int OPCODE = 0x0f;

    private final boolean masked;
    private final FrameRules rules;
    /** The header that the last buffer cut, and the one whose first part is to be passed on. They change places. */
    private @Nullable HeldHeader held;

    private @Nullable HeldHeader releasing;
    private int released;
    private int resumeAt;
    private Stop stop = Stop.END;
    private long payloadLeft;
    private boolean stopAtBoundary;
    private boolean pingSeen;
    private @Nullable AwaitedPong awaited;
    private long messages;
    /** Of the Close frame that has begun. */
    private @Nullable CloseCode close;

    /**
     * @param masked whether frames have to be masked: those of clients have, those of servers must not be
     * @param legalRsv the reserved bits that the negotiated extensions use
     * @param maxMessageBytes payload of a whole message, as it is on the wire
     */
    public FrameTracker(boolean masked, int legalRsv, long maxMessageBytes) {
        this.masked = masked;
        this.rules = new FrameRules(masked, legalRsv, maxMessageBytes);
    }

    /** Between two frames; a part of the next header may have been read, but was not passed on. */
    public boolean atBoundary() {
        return payloadLeft == 0 && close == null;
    }

    /** Makes {@link #advance} stop where the next frame would begin. */
    public void stopAtBoundary(boolean stopThere) {
        stopAtBoundary = stopThere;
    }

    /** Makes {@link #advance} stop before the masked Pong with exactly this payload, and step over it then. */
    public void awaitAnswer(long payload) {
        awaited = new AwaitedPong(payload);
    }

    /** Whether a Ping has begun since this was last asked. */
    public boolean takePing() {
        boolean seen = pingSeen;
        pingSeen = false;
        return seen;
    }

    public Stop stop() {
        return stop;
    }

    /** Where to go on after {@link Stop#BOUNDARY} and {@link Stop#ANSWERED}. */
    public int resumeAt() {
        return resumeAt;
    }

    /** How many bytes of a header, begun in earlier buffers, go before what the last {@link #advance} read. */
    public int released() {
        return released;
    }

    /** Appends those bytes. */
    public void writeReleased(ByteBuf to) {
        if (releasing != null) {
            releasing.write(to, released);
        }
    }

    /** How many data messages have begun. */
    public long messages() {
        return messages;
    }

    /** The status code of the Close frame; -1 when none was read. */
    public int closeCode() {
        return close == null ? -1 : close.code();
    }

    /**
     * Reads on.
     *
     * @return the index behind the last byte that may be passed on
     */
    public int advance(ByteBuf buffer, int from, int to) {
        released = 0;
        stop = Stop.END;
        int index = from;
        if (held != null && held.length() > 0) {
            index = completeHeader(held, buffer, from, to);
            if (index < 0) {
                return from;
            }
        }
        while (true) {
            if (payloadLeft > 0) {
                int available = to - index;
                if (close != null) {
                    close.read(buffer, index, available);
                }
                if (available < payloadLeft) {
                    payloadLeft -= available;
                    return to;
                }
                index += (int) payloadLeft;
                payloadLeft = 0;
            }
            if (close != null) {
                stop = Stop.CLOSED;
                return index;
            }
            resumeAt = index;
            if (stopAtBoundary) {
                stop = Stop.BOUNDARY;
                return index;
            }
            int available = to - index;
            if (available < 2) {
                keep(buffer, index, available);
                return index;
            }
            int first = buffer.getUnsignedByte(index);
            int second = buffer.getUnsignedByte(index + 1);
            int header = unitLength(first, second);
            if (available < header) {
                keep(buffer, index, available);
                return index;
            }
            boolean whole = mayBeAnswer(first, second);
            if (whole && isAnswer(buffer.getInt(index + 2), buffer.getLong(index + 6))) {
                resumeAt = index + header;
                return index;
            }
            int length7 = second & 0x7f;
            long length = length7 < 126
                    ? length7
                    : length7 == 126 ? buffer.getUnsignedShort(index + 2) : buffer.getLong(index + 2);
            if (!begin(first, second, length)) {
                return index;
            }
            if ((first & OPCODE) == FrameRules.CLOSE) {
                close = new CloseCode(masked ? buffer.getUnsignedShort(index + 2) : 0);
            }
            index += header;
            if (whole) {
                payloadLeft = 0;
            }
        }
    }

    /** Returns the index behind the header that began in an earlier buffer; -1 when there is nothing to pass on yet. */
    private int completeHeader(HeldHeader header, ByteBuf buffer, int from, int to) {
        int before = header.length();
        int index = from;
        while (header.length() < 2 || header.length() < unitLength(header.byteAt(0), header.byteAt(1))) {
            if (index == to) {
                return -1;
            }
            header.append(buffer.getByte(index++));
        }
        held = releasing;
        releasing = header;
        if (held != null) {
            held.clear();
        }
        int first = header.byteAt(0);
        int second = header.byteAt(1);
        resumeAt = index;
        boolean whole = mayBeAnswer(first, second);
        if (whole && isAnswer(header.intAtTwo(), header.longAtSix())) {
            return -1;
        }
        int length7 = second & 0x7f;
        long length = length7 < 126 ? length7 : length7 == 126 ? header.unsignedShortAtTwo() : header.longAtTwo();
        if (!begin(first, second, length)) {
            return -1;
        }
        if (whole) {
            payloadLeft = 0;
        }
        if ((first & OPCODE) == FrameRules.CLOSE) {
            close = new CloseCode(masked ? header.unsignedShortAtTwo() : 0);
        }
        released = before;
        return index;
    }

    private void keep(ByteBuf buffer, int index, int length) {
        if (length > 0) {
            HeldHeader header = held == null ? new HeldHeader() : held;
            header.clear();
            for (int i = 0; i < length; i++) {
                header.append(buffer.getByte(index + i));
            }
            held = header;
        }
    }

    /** What has to be read at once of a frame: its header; all of what may be the awaited Pong. */
    private int unitLength(int first, int second) {
        if (mayBeAnswer(first, second)) {
            return AwaitedPong.LENGTH;
        }
        int length = second & 0x7f;
        int extended = length < 126 ? 0 : length == 126 ? 2 : 8;
        return 2 + extended + ((second & FrameRules.MASKED) == 0 ? 0 : 4);
    }

    private boolean mayBeAnswer(int first, int second) {
        return awaited != null && AwaitedPong.mayBegin(first, second);
    }

    private boolean isAnswer(int key, long payload) {
        if (awaited == null || !awaited.is(key, payload)) {
            return false;
        }
        awaited = null;
        stop = Stop.ANSWERED;
        return true;
    }

    /** Takes a whole header; false when its frame is not to be passed on. */
    private boolean begin(int first, int second, long length) {
        Verdict verdict = rules.next(first, second, length);
        if (verdict != Verdict.LEGAL) {
            stop = verdict == Verdict.BROKEN ? Stop.BROKEN : Stop.TOO_BIG;
            return false;
        }
        int opcode = first & OPCODE;
        if (opcode == FrameRules.PING) {
            pingSeen = true;
        } else if (opcode != FrameRules.CONTINUATION && opcode <= FrameRules.BINARY) {
            messages++;
        }
        payloadLeft = length;
        return true;
    }
}
