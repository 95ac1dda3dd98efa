// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** Closes connections evenly over a window. */
public interface Shedder {

    /**
     * Closes all {@code connections} at equal intervals within {@code over}, starting at a random offset.
     *
     * @return completes when the last one was asked to close
     */
    CompletionStage<Void> shed(Collection<LiveConnection> connections, CloseReason reason, Duration over);

    /** Whether connections that cannot stay still wait to be closed. Thread-safe. */
    boolean isDraining();
}
