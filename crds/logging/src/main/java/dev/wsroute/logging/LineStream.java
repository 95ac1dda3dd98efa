// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Splits printed output into lines for a queue. A line is sent when it is complete, not on a flush, since half a line would mix
 * with others. A line longer than {@link #MAX_LINE} is truncated.
 */
final class LineStream extends OutputStream {

    /** In bytes. */
    static final int MAX_LINE = 16 * 1024;

    private final LineQueue queue;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

    LineStream(LineQueue queue) {
        this.queue = queue;
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n') {
            line.write('\n');
            queue.offer(line.toByteArray());
            line.reset();
        } else if (line.size() < MAX_LINE) {
            line.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** Sends an unfinished line. */
    @Override
    public synchronized void close() {
        if (line.size() > 0) {
            write('\n');
        }
    }
}
