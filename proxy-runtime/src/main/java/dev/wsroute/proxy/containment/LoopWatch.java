// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an event loop ends unexpectedly. Otherwise the connections of that loop would hang, new ones
 * would still be assigned to it, and the proxy would still report itself healthy.
 */
public final class LoopWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    private final AtomicBoolean over = new AtomicBoolean();
    private final Runnable exit;

    /** @param exit ends the process at once; called on the thread of the loop */
    public LoopWatch(ContainedLoops loops, Runnable exit) {
        this.exit = exit;
        loops.whenAnyEnds(this::ended);
    }

    /** Stops watching, because the loops are about to be shut down. */
    public void stop() {
        over.set(true);
    }

    private void ended() {
        if (over.compareAndSet(false, true)) {
            LOG.error("An event loop ended unexpectedly; exiting, so that the proxy is restarted");
            exit.run();
        }
    }
}
