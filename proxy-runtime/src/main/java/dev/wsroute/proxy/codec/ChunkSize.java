// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;

/** The line before a chunk: its size, and extensions, which are dropped (RFC 9112 §7.1.1). */
final class ChunkSize {

    /** Maximum length of the line. Real extensions, such as signatures, are short. */
    private static final int MAX_LINE = 1024;

    /** More digits would not fit into a long. */
    private static final int MAX_DIGITS = 15;

    private ChunkSize() {}

    /**
     * Reads the line.
     *
     * @return the size; -1 if the line is incomplete
     */
    static long read(ByteBuf bytes, Syntax syntax) {
        int start = bytes.readerIndex();
        int searched = Math.min(bytes.readableBytes(), MAX_LINE);
        int lf = bytes.indexOf(start, start + searched, Chars.LF);
        if (lf < 0) {
            if (searched == MAX_LINE) {
                throw MessageFault.malformed("a chunk size line is too long");
            }
            return -1;
        }
        boolean crlf = lf > start && bytes.getByte(lf - 1) == Chars.CR;
        if (!crlf && syntax == Syntax.STRICT) {
            throw malformed();
        }
        long size = parse(bytes, start, crlf ? lf - 1 : lf, syntax);
        bytes.readerIndex(lf + 1);
        return size;
    }

    private static long parse(ByteBuf bytes, int start, int end, Syntax syntax) {
        int digits = syntax == Syntax.TOLERANT ? afterBlanks(bytes, start, end) : start;
        int at = digits;
        long size = 0;
        int digit;
        while (at < end && (digit = digit(bytes.getByte(at))) >= 0) {
            size = size << 4 | digit;
            at++;
        }
        if (at == digits || at - digits > MAX_DIGITS) {
            throw malformed();
        }
        int extensions = afterBlanks(bytes, at, end);
        if (extensions == end ? at < end && syntax == Syntax.STRICT : bytes.getByte(extensions) != ';') {
            throw malformed();
        }
        for (int i = extensions; i < end; i++) {
            if (!Chars.isText(bytes.getByte(i))) {
                throw malformed();
            }
        }
        return size;
    }

    private static int afterBlanks(ByteBuf bytes, int from, int end) {
        int at = from;
        while (at < end && Chars.isBlank(bytes.getByte(at))) {
            at++;
        }
        return at;
    }

    private static int digit(byte b) {
        return b < 0 ? -1 : Character.digit((char) b, 16);
    }

    private static MessageFault malformed() {
        return MessageFault.malformed("a chunk size is malformed");
    }
}
