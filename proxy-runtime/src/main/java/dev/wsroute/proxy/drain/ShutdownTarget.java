// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import java.util.concurrent.CompletionStage;

/** What a {@link ShutdownSequence} shuts down. */
public interface ShutdownTarget {

    /** Closes each plain HTTP connection after its next response, so that clients send the next request elsewhere. */
    void endAfterResponses();

    /** Closes the listeners once the connections in their accept queues are accepted. Open connections stay. */
    void stopAccepting();

    /** Closes idle plain HTTP connections. */
    void finishHttp();

    /** Completes when the listeners and all connections are closed. */
    CompletionStage<Void> allClosed();

    /** Resets the remaining connections, without waiting. */
    void resetAll();
}
