// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.frames;

import dev.wsroute.proxy.frames.FrameTracker.Stop;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * How a parser that sees a whole stream of frames reads it (RFC 6455 §5).
 *
 * @param passed number of bytes that may be forwarded
 * @param frameEnds the positions between frames
 */
record WholeStream(int passed, Stop stop, long messages, int closeCode, NavigableSet<Integer> frameEnds) {

    static WholeStream read(byte[] stream, boolean masked, int legalRsv, long maxMessage) {
        NavigableSet<Integer> ends = new TreeSet<>();
        ends.add(0);
        long messages = 0;
        boolean inMessage = false;
        BigInteger message = BigInteger.ZERO;
        int start = 0;
        while (true) {
            int header = headerLength(stream, start);
            if (header > stream.length - start) {
                return new WholeStream(start, Stop.END, messages, -1, ends);
            }
            int opcode = stream[start] & 0x0f;
            boolean last = (stream[start] & 0x80) != 0;
            long length = payloadLength(stream, start);
            if (!isLegal(stream, start, length, masked, legalRsv, inMessage)) {
                return new WholeStream(start, Stop.BROKEN, messages, -1, ends);
            }
            if (opcode <= 2) {
                message = (opcode == 0 ? message : BigInteger.ZERO).add(BigInteger.valueOf(length));
                if (message.compareTo(BigInteger.valueOf(maxMessage)) > 0) {
                    return new WholeStream(start, Stop.TOO_BIG, messages, -1, ends);
                }
            }
            if (opcode == 1 || opcode == 2) {
                messages++;
            }
            if (opcode <= 2) {
                inMessage = !last;
            }
            int begun = (int) Math.min(length, stream.length - start - header);
            int code = opcode == 8 && begun >= 2 ? closeCode(stream, start + header, masked) : -1;
            start += header + begun;
            if (begun < length) {
                return new WholeStream(start, Stop.END, messages, code, ends);
            }
            ends.add(start);
            if (opcode == 8) {
                return new WholeStream(start, Stop.CLOSED, messages, code, ends);
            }
        }
    }

    private static int headerLength(byte[] stream, int start) {
        if (stream.length - start < 2) {
            return Integer.MAX_VALUE;
        }
        int length = stream[start + 1] & 0x7f;
        return 2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + (stream[start + 1] < 0 ? 4 : 0);
    }

    private static long payloadLength(byte[] stream, int start) {
        int length = stream[start + 1] & 0x7f;
        ByteBuffer bytes = ByteBuffer.wrap(stream);
        return length == 127 ? bytes.getLong(start + 2) : length == 126 ? bytes.getShort(start + 2) & 0xffff : length;
    }

    private static boolean isLegal(
            byte[] stream, int start, long length, boolean masked, int legalRsv, boolean inMessage) {
        int opcode = stream[start] & 0x0f;
        int rsv = stream[start] & 0x70;
        boolean last = (stream[start] & 0x80) != 0;
        boolean hasMask = stream[start + 1] < 0;
        int bytes = headerLength(stream, start) - (hasMask ? 4 : 0) - 2;
        int needed = length < 126 ? 0 : length < 65_536 ? 2 : 8;
        if (length < 0 || hasMask != masked || bytes != needed) {
            return false;
        }
        // Only an unknown extension may set bits of frames after the first of a message.
        boolean unmarked = rsv == 0 || legalRsv == 0x70;
        return switch (opcode) {
            case 0 -> inMessage && unmarked;
            case 1, 2 -> !inMessage && (rsv & ~legalRsv) == 0;
            case 8 -> last && length <= 125 && length != 1 && unmarked;
            case 9, 10 -> last && length <= 125 && unmarked;
            default -> false;
        };
    }

    private static int closeCode(byte[] stream, int payload, boolean masked) {
        int high = stream[payload] ^ (masked ? stream[payload - 4] : 0);
        int low = stream[payload + 1] ^ (masked ? stream[payload - 3] : 0);
        return (high & 0xff) << 8 | (low & 0xff);
    }
}
