// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tcp;

import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Decides which of the clients that wait in a listener's accept queue are refused. Called on its event loop. */
public interface AcceptGate {

    /** Refuses nobody. */
    AcceptGate OPEN = new AcceptGate() {
        @Override
        public int excess(IntSupplier waiting) {
            return 0;
        }

        @Override
        public @Nullable ByteBuffer answer() {
            return null;
        }

        @Override
        public void refused(boolean answered) {}
    };

    /**
     * A connection was accepted.
     *
     * @param waiting reads the number of clients in the queue, with a system call; 0 where the system does not tell it
     * @return how many of them are to be refused now
     */
    int excess(IntSupplier waiting);

    /** What clients are sent whose whole request has arrived: a direct buffer. Null: they are reset, like all others. */
    @Nullable ByteBuffer answer();

    /**
     * A client was refused.
     *
     * @param answered whether it was sent the answer; otherwise it was reset
     */
    void refused(boolean answered);
}
