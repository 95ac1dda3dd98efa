package dev.wsroute.proxy.http;

import java.util.function.Supplier;

/** The snapshot in force. Read by every event loop, swapped by the control thread. */
public final class LiveSnapshot implements Supplier<Snapshot> {

    private volatile Snapshot snapshot;

    /** @param first in force until the first {@link #swap} */
    public LiveSnapshot(Snapshot first) {
        this.snapshot = first;
    }

    @Override
    public Snapshot get() {
        return snapshot;
    }

    /** From now on this one is in force, for every connection that is accepted and every request that comes. */
    public void swap(Snapshot next) {
        snapshot = next;
    }
}
