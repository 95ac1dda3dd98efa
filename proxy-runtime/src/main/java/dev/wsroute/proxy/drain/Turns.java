package dev.wsroute.proxy.drain;

/** Where connections whose own limits have passed wait for their turn to be ended, so that a crowd of them ends evenly. */
public interface Turns {

    /**
     * Ends a connection when its turn comes: at once where few do, later where many come due together. May be called from
     * any thread.
     *
     * @param connection passed over if it has closed by then
     * @param reason what has come due
     * @param leave ends it; called on any thread
     */
    void due(LiveConnection connection, CloseReason reason, Runnable leave);
}
