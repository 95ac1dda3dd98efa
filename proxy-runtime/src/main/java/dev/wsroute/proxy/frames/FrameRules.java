// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

/** Validates the order of frames in one direction (RFC 6455 §5) and the size of messages. */
public final class FrameRules {

    /** The verdict on a frame. */
    enum Verdict {
        LEGAL,
        /** Violates RFC 6455. */
        BROKEN,
        /** Makes its message too large. */
        TOO_BIG
    }

    static final int FIN = 0x80;
    static final int MASKED = 0x80;
    static final int CONTINUATION = 0;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** The three reserved bits, which only extensions use. */
    public static final int ALL_RSV = 0x70;

    /** The bit that permessage-deflate sets on compressed messages. */
    public static final int RSV1 = 0x40;

    private static final int MAX_CONTROL_PAYLOAD = 125;

    private final boolean masked;
    private final int legalRsv;
    private final long maxMessageBytes;
    private boolean inMessage;
    private long messageBytes;

    /**
     * @param masked whether frames must be masked: clients' must, servers' must not
     * @param legalRsv reserved bits that the negotiated extensions use
     * @param maxMessageBytes maximum payload of a message, as sent on the wire
     */
    FrameRules(boolean masked, int legalRsv, long maxMessageBytes) {
        this.masked = masked;
        this.legalRsv = legalRsv;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Validates the next frame by the first two bytes of its header and its payload length. */
    Verdict next(int first, int second, long length) {
        int opcode = first & 0x0f;
        if (((second & MASKED) != 0) != masked
                || !isMinimal(second & 0x7f, length)
                || !isLegal(first, opcode, length)) {
            return Verdict.BROKEN;
        }
        if (opcode >= CLOSE) {
            return Verdict.LEGAL;
        }
        long before = opcode == CONTINUATION ? messageBytes : 0;
        if (length > maxMessageBytes - before) {
            return Verdict.TOO_BIG;
        }
        messageBytes = before + length;
        inMessage = (first & FIN) == 0;
        return Verdict.LEGAL;
    }

    /** "The minimal number of bytes MUST be used to encode the length", and the top bit of 64 be 0 (§5.2). */
    private static boolean isMinimal(int length7, long length) {
        return length7 < 126 || (length7 == 126 ? length >= 126 : length > 0xffff);
    }

    private boolean isLegal(int first, int opcode, long length) {
        int rsv = first & ALL_RSV;
        if ((rsv & ~legalRsv) != 0) {
            return false;
        }
        if (opcode >= CLOSE) {
            return opcode <= PONG
                    && (first & FIN) != 0
                    && length <= MAX_CONTROL_PAYLOAD
                    && !(opcode == CLOSE && length == 1)
                    && (rsv == 0 || legalRsv == ALL_RSV);
        }
        if (opcode == CONTINUATION) {
            return inMessage && (rsv == 0 || legalRsv == ALL_RSV);
        }
        return opcode <= BINARY && !inMessage;
    }
}
