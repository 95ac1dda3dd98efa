package dev.wsroute.proxy.drain;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** Asks connections to leave, evenly over a window: the one pacing mechanism of the proxy. */
public interface Shedder {

    /**
     * Closes every one of {@code connections} at evenly spaced, unaligned moments within {@code over}.
     *
     * @return completes when the last one was asked
     */
    CompletionStage<Void> shed(Collection<LiveConnection> connections, CloseReason reason, Duration over);
}
