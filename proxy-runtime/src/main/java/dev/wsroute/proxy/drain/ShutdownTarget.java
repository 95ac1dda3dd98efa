package dev.wsroute.proxy.drain;

import java.util.concurrent.CompletionStage;

/** What a {@link ShutdownSequence} winds down. */
public interface ShutdownTarget {

    /** Closes the listeners; connections stay. */
    void stopAccepting();

    /** Ends plain HTTP connections that wait for a request, and the others after their response. */
    void finishHttp();

    /** Completes when no client is connected any more; listeners are to be closed before. */
    CompletionStage<Void> allClosed();

    /** Resets what is left; does not wait for it. */
    void resetAll();
}
