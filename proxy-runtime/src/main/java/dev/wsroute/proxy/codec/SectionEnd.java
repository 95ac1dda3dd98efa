// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;

/**
 * Finds the empty line at the end of a head or trailer section in bytes that arrive in pieces. Each byte is scanned
 * once. Lines and bytes are counted on arrival, so that an oversized section is refused early. Lines are parsed once
 * the section is complete.
 */
final class SectionEnd {

    private final Supplier<HeadLimits> limits;
    private int searched;
    private int lineStart;
    private int lines;

    SectionEnd(Supplier<HeadLimits> limits) {
        this.limits = limits;
    }

    /**
     * @param bytes the section from its start, and any bytes after it
     * @param startLines number of lines that are not headers: 1 in a head, 0 in trailers
     * @return its length with the empty line; -1 if incomplete
     * @throws MessageFault if it is too large
     */
    int find(ByteBuf bytes, int startLines) {
        HeadLimits limit = limits.get();
        int start = bytes.readerIndex();
        while (true) {
            int lf = bytes.indexOf(start + searched, bytes.writerIndex(), Chars.LF);
            int end = lf < 0 ? bytes.readableBytes() : lf + 1 - start;
            if (end > limit.maxBytes()) {
                throw lines < startLines
                        ? new MessageFault(MessageFault.Kind.START_LINE_TOO_LONG, "the first line is too long")
                        : new MessageFault(MessageFault.Kind.TOO_LONG, "the headers are too long");
            }
            searched = end;
            if (lf < 0) {
                return -1;
            }
            int length = lf - start - lineStart;
            if (length == 0 || (length == 1 && bytes.getByte(lf - 1) == Chars.CR)) {
                reset();
                return end;
            }
            lineStart = end;
            if (++lines > startLines + limit.maxLines()) {
                throw new MessageFault(MessageFault.Kind.TOO_MANY_LINES, "it has too many headers");
            }
        }
    }

    /** Length of the complete lines so far; undefined between sections. */
    int wholeLines() {
        return lineStart;
    }

    private void reset() {
        searched = 0;
        lineStart = 0;
        lines = 0;
    }
}
