// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;

/**
 * A file descriptor to which several threads write whole lines, one at a time. A write blocks as long as the descriptor does,
 * so only threads that no other thread waits for may use it. Errors are counted and thrown; {@link System#out} would swallow
 * them.
 */
final class LineOutput extends OutputStream {

    private final OutputStream descriptor;
    private final Lock lock;
    private final LongAdder errors = new LongAdder();

    /** Whether the last write failed, perhaps in the middle of a line. */
    private boolean torn;

    /** @param lock held while writing; shared by outputs to the same file */
    LineOutput(OutputStream descriptor, Lock lock) {
        this.descriptor = descriptor;
        this.lock = lock;
    }

    /** How many writes failed. */
    long errors() {
        return errors.sum();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] lines, int offset, int length) throws IOException {
        lock.lock();
        try {
            if (torn) {
                descriptor.write('\n');
            }
            torn = true;
            descriptor.write(lines, offset, length);
            torn = false;
        } catch (IOException e) {
            errors.increment();
            throw e;
        } finally {
            lock.unlock();
        }
    }
}
