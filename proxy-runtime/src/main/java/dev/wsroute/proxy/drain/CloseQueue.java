// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

/** A paced queue for connections that reached a limit of their own (idle, age), so that many of them close evenly. */
public interface CloseQueue {

    /**
     * Closes a connection: at once when few are queued, later when many are. May be called from any thread.
     *
     * @param connection skipped if it has closed by then
     * @param reason the limit that it reached
     * @param close closes it; called on any thread
     */
    void enqueue(LiveConnection connection, CloseReason reason, Runnable close);
}
