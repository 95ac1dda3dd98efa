package dev.wsroute.proxy.snapshot;

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

    /** Puts a snapshot in force, for connections accepted and requests completed from now on. */
    public void swap(Snapshot next) {
        snapshot = next;
    }
}
