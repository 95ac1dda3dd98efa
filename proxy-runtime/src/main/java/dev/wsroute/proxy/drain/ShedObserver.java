package dev.wsroute.proxy.drain;

/** Hears how the asking of crowds gets on. Called from one thread; never blocks, never throws. */
public interface ShedObserver {

    /**
     * More, or fewer, connections wait for their turn.
     *
     * @param change their number; negative: so many need not wait any more, having been asked or being gone
     */
    void waiting(CloseReason reason, int change);

    /** A connection was asked to leave. */
    void asked(CloseReason reason);

    /** Hears nothing. */
    ShedObserver NONE = new ShedObserver() {
        @Override
        public void waiting(CloseReason reason, int change) {}

        @Override
        public void asked(CloseReason reason) {}
    };
}
