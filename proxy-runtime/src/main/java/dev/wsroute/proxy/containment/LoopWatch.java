package dev.wsroute.proxy.containment;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when an event loop ends unexpectedly. Otherwise the connections of that loop would hang, new ones
 * would still be assigned to it, and the proxy would still call itself healthy.
 */
public final class LoopWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    private final AtomicBoolean over = new AtomicBoolean();
    private final Runnable exit;

    /** @param exit ends the process at once; on the thread of the loop that has ended */
    public LoopWatch(ContainedLoops loops, Runnable exit) {
        this.exit = exit;
        loops.whenAnyEnds(this::ended);
    }

    /** From now on loops end on purpose. */
    public void stop() {
        over.set(true);
    }

    private void ended() {
        if (over.compareAndSet(false, true)) {
            LOG.error("An event loop has ended unexpectedly; the proxy exits, so that a new one takes its place");
            exit.run();
        }
    }
}
