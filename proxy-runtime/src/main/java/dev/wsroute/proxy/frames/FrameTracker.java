// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import dev.wsroute.proxy.frames.FrameRules.Verdict;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of one direction (RFC 6455 §5.2) by their headers, and skips payloads. It copies nothing except a
 * header that is split over two buffers: the first part is kept here until the rest arrives, so that no other frame can
 * be inserted in between. Allocates nothing per frame.
 *
 * <p>After {@link Stop#CLOSED}, {@link Stop#BROKEN} or {@link Stop#TOO_BIG}, further input cannot be read as frames.
 */
public final class FrameTracker {

    /** Why {@link #advance} returned. */
    public enum Stop {
        /** All input was read. Bytes after the returned index are the start of a header, which is kept. */
        END,
        /** A frame ended, as {@link #stopAtBoundary} asked for. */
        BOUNDARY,
        /** A data message begins at the returned index, one more than {@link #allowMessages} permits. */
        HELD,
        /** The awaited Pong starts at the returned index, or started in an earlier buffer. It must not be forwarded. */
        ANSWERED,
        /** A Close frame ended. */
        CLOSED,
        /** The header at the returned index violates RFC 6455. */
        BROKEN,
        /** The frame at the returned index makes its message too large. */
        TOO_BIG
    }

    private static final int OPCODE = 0x0f;

    private final boolean masked;
    private final FrameRules rules;
    /** The header split by the last buffer, and the one whose first part must be forwarded. They are swapped. */
    private @Nullable HeldHeader held;

    private @Nullable HeldHeader releasing;
    private int released;
    private int resumeAt;
    private Stop stop = Stop.END;
    private long payloadLeft;
    /** Whether anything is to be decided before the next frame. */
    private boolean attentive;

    private boolean stopAtBoundary;
    private long allowedMessages = Long.MAX_VALUE;
    private boolean pingSeen;
    private @Nullable AwaitedPong awaited;
    private long messages;
    /** The code of the current Close frame. */
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

    /** Whether the output is between two frames. A part of the next header may have been read but not forwarded. */
    public boolean atBoundary() {
        return payloadLeft == 0 && close == null;
    }

    /** Makes {@link #advance} stop before the next frame. */
    public void stopAtBoundary(boolean stopThere) {
        stopAtBoundary = stopThere;
        attentive = stopThere || allowedMessages != Long.MAX_VALUE;
    }

    /**
     * Makes {@link #advance} stop before the first data message after the next ones.
     *
     * @param more how many may still begin; {@link Long#MAX_VALUE} for all
     */
    public void allowMessages(long more) {
        allowedMessages = more == Long.MAX_VALUE ? more : messages + more;
        attentive = stopAtBoundary || more != Long.MAX_VALUE;
    }

    /** Makes {@link #advance} stop before the masked Pong with this payload, and then skip it. */
    public void awaitAnswer(long payload) {
        awaited = new AwaitedPong(payload);
    }

    /** Whether a Ping has started since the last call. */
    public boolean takePing() {
        boolean seen = pingSeen;
        pingSeen = false;
        return seen;
    }

    public Stop stop() {
        return stop;
    }

    /** Index to resume at after {@link Stop#BOUNDARY}, {@link Stop#HELD} and {@link Stop#ANSWERED}. */
    public int resumeAt() {
        return resumeAt;
    }

    /** Number of header bytes from earlier buffers that precede the input of the last {@link #advance}. */
    public int released() {
        return released;
    }

    /** Appends those bytes. */
    public void writeReleased(ByteBuf to) {
        if (releasing != null) {
            releasing.write(to, released);
        }
    }

    /** Number of data messages that have started. */
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
     * @return index after the last byte that may be forwarded
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
            if (attentive && stopsBefore(buffer, index, to)) {
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

    private boolean stopsBefore(ByteBuf buffer, int index, int to) {
        if (stopAtBoundary) {
            stop = Stop.BOUNDARY;
        } else if (messages >= allowedMessages && index < to && beginsMessage(buffer.getByte(index) & OPCODE)) {
            stop = Stop.HELD;
        }
        return stop != Stop.END;
    }

    private static boolean beginsMessage(int opcode) {
        return opcode != FrameRules.CONTINUATION && opcode <= FrameRules.BINARY;
    }

    /** Returns the index after the header that started in an earlier buffer; -1 if nothing can be forwarded yet. */
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

    /** Number of bytes of a frame to read at once: its header, or all of a frame that may be the awaited Pong. */
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

    /** Processes a complete header; false if its frame must not be forwarded. */
    private boolean begin(int first, int second, long length) {
        Verdict verdict = rules.next(first, second, length);
        if (verdict != Verdict.LEGAL) {
            stop = verdict == Verdict.BROKEN ? Stop.BROKEN : Stop.TOO_BIG;
            return false;
        }
        int opcode = first & OPCODE;
        if (opcode == FrameRules.PING) {
            pingSeen = true;
        } else if (beginsMessage(opcode)) {
            messages++;
        }
        payloadLeft = length;
        return true;
    }
}
