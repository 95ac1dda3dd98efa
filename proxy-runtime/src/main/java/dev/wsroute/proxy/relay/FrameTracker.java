package dev.wsroute.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frames of one direction (RFC 6455 §5.2) by their headers; payloads are stepped over. It copies nothing,
 * but for a header that is cut by the end of a buffer: its first part is kept here until the rest has come, so that
 * nothing can get between.
 *
 * <p>Once it has stopped at {@link Stop#CLOSED} or {@link Stop#BROKEN}, what follows can't be read as frames any more.
 */
final class FrameTracker {

    /** Why {@link #advance} returned. */
    enum Stop {
        /** All was read. What is behind the returned index is the beginning of a header, and kept. */
        END,
        /** A frame ended, as {@link #stopAtBoundary} asked for. */
        BOUNDARY,
        /** A Close frame ended. */
        CLOSED,
        /** The header at the returned index breaks RFC 6455. */
        BROKEN
    }

    /** The three reserved bits, which only extensions use. */
    static final int ALL_RSV = 0x70;

    /** What permessage-deflate marks compressed messages with. */
    static final int RSV1 = 0x40;

    private static final byte[] NOTHING = {};
    private static final int MAX_HEADER = 14;
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;

    private final boolean masked;
    private final int legalRsv;
    private byte @Nullable [] kept;
    private int keptLength;
    private byte[] releasing = NOTHING;
    private Stop stop = Stop.END;
    private long payloadLeft;
    private boolean stopAtBoundary;
    private boolean inMessage;
    private boolean inClose;
    private long messages;
    private int closeMask;
    private int closeCode;
    private int closeCodeBytes;

    /**
     * @param masked whether frames have to be masked: those of clients have, those of servers must not be
     * @param legalRsv the reserved bits that the negotiated extensions use
     */
    FrameTracker(boolean masked, int legalRsv) {
        this.masked = masked;
        this.legalRsv = legalRsv;
    }

    /** Between two frames; a part of the next header may have been read, but was not passed on. */
    boolean atBoundary() {
        return payloadLeft == 0 && !inClose;
    }

    /** Makes {@link #advance} stop where the next frame would begin. */
    void stopAtBoundary(boolean stopThere) {
        stopAtBoundary = stopThere;
    }

    Stop stop() {
        return stop;
    }

    /** The bytes of a header, begun in earlier buffers, that go before what the last {@link #advance} read. */
    byte[] released() {
        return releasing;
    }

    /** How many data messages have begun. */
    long messages() {
        return messages;
    }

    /** The status code of the Close frame; -1 when none was read. */
    int closeCode() {
        return closeCodeBytes == 2 ? closeCode : -1;
    }

    /**
     * Reads on.
     *
     * @return the index behind the last byte that may be passed on
     */
    int advance(ByteBuf buffer, int from, int to) {
        releasing = NOTHING;
        stop = Stop.END;
        int index = from;
        if (keptLength > 0) {
            index = completeHeader(buffer, from, to);
            if (index < 0) {
                return from;
            }
        }
        while (true) {
            if (payloadLeft > 0) {
                int available = to - index;
                if (inClose) {
                    readCloseCode(buffer, index, available);
                }
                if (available < payloadLeft) {
                    payloadLeft -= available;
                    return to;
                }
                index += (int) payloadLeft;
                payloadLeft = 0;
            }
            if (inClose) {
                stop = Stop.CLOSED;
                return index;
            }
            if (stopAtBoundary) {
                stop = Stop.BOUNDARY;
                return index;
            }
            int available = to - index;
            int header = available < 2 ? MAX_HEADER : headerLength(buffer.getByte(index + 1));
            if (available < header) {
                keep(buffer, index, available);
                return index;
            }
            if (!begin(buffer, index)) {
                stop = Stop.BROKEN;
                return index;
            }
            index += header;
        }
    }

    /** Returns the index behind the header that began in an earlier buffer; -1 when it is still not whole, or broken. */
    private int completeHeader(ByteBuf buffer, int from, int to) {
        byte[] header = Objects.requireNonNull(kept);
        int before = keptLength;
        int index = from;
        while (keptLength < 2 || keptLength < headerLength(header[1])) {
            if (index == to) {
                return -1;
            }
            header[keptLength++] = buffer.getByte(index++);
        }
        keptLength = 0;
        if (!begin(Unpooled.wrappedBuffer(header), 0)) {
            stop = Stop.BROKEN;
            return -1;
        }
        releasing = Arrays.copyOf(header, before);
        return index;
    }

    private void keep(ByteBuf buffer, int index, int length) {
        if (length > 0) {
            if (kept == null) {
                kept = new byte[MAX_HEADER];
            }
            buffer.getBytes(index, kept, 0, length);
            keptLength = length;
        }
    }

    private static int headerLength(int second) {
        int length = second & 0x7f;
        int extended = length < 126 ? 0 : length == 126 ? 2 : 8;
        return 2 + extended + ((second & MASKED) == 0 ? 0 : 4);
    }

    /** Takes a whole header; false when it breaks the rules. */
    private boolean begin(ByteBuf buffer, int index) {
        int first = buffer.getByte(index) & 0xff;
        int second = buffer.getByte(index + 1) & 0xff;
        int length7 = second & 0x7f;
        long length = length7 < 126
                ? length7
                : length7 == 126 ? buffer.getUnsignedShort(index + 2) : buffer.getLong(index + 2);
        int opcode = first & 0x0f;
        if (length < 0 || ((second & MASKED) != 0) != masked || !isLegal(first, opcode, length)) {
            return false;
        }
        payloadLeft = length;
        if (opcode == CLOSE) {
            inClose = true;
            closeMask = masked ? buffer.getUnsignedShort(index + headerLength(second) - 4) : 0;
        } else if (opcode <= BINARY) {
            if (opcode != CONTINUATION) {
                messages++;
            }
            inMessage = (first & FIN) == 0;
        }
        return true;
    }

    private boolean isLegal(int first, int opcode, long length) {
        int rsv = first & ALL_RSV;
        if ((rsv & ~legalRsv) != 0) {
            return false;
        }
        if (opcode >= CLOSE) {
            return opcode <= PONG
                    && (first & FIN) != 0
                    && length <= 125
                    && !(opcode == CLOSE && length == 1)
                    && (rsv == 0 || legalRsv == ALL_RSV);
        }
        if (opcode == CONTINUATION) {
            return inMessage && (rsv == 0 || legalRsv == ALL_RSV);
        }
        return opcode <= BINARY && !inMessage;
    }

    private void readCloseCode(ByteBuf buffer, int index, int available) {
        for (int i = 0; i < available && closeCodeBytes < 2; i++) {
            int mask = closeCodeBytes == 0 ? closeMask >> 8 : closeMask & 0xff;
            closeCode = (closeCode << 8) | ((buffer.getByte(index + i) & 0xff) ^ mask);
            closeCodeBytes++;
        }
    }
}
