package dev.wsroute.proxy.drain;

import java.util.concurrent.CompletionStage;

/** What a {@link ShutdownSequence} winds down. */
public interface ShutdownTarget {

    /** From now on plain HTTP connections end after their response, so that clients bring the next request elsewhere. */
    void endAfterResponses();

    /** Closes the listeners, once those who wait in their queues are accepted; connections stay. */
    void stopAccepting();

    /** Ends plain HTTP connections that wait for a request. */
    void finishHttp();

    /** Completes when the listeners are closed and no client is connected any more. */
    CompletionStage<Void> allClosed();

    /** Resets what is left; does not wait for it. */
    void resetAll();
}
