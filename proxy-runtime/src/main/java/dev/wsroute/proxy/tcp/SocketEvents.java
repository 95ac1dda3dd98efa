package dev.wsroute.proxy.tcp;

/** Hears what epoll tells of a socket that was taken from its channel. All is called on the event loop. */
public interface SocketEvents {

    /** It takes bytes again, or never will. */
    void writable();

    /**
     * There is something to read, of which this is told once (edge-triggered, epoll(7)).
     *
     * @param end among it, the end of the stream
     * @param broken nothing but an error can follow
     */
    void readable(boolean end, boolean broken);
}
