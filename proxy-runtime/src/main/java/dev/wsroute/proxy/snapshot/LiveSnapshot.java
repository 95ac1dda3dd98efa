// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.snapshot;

import java.util.function.Supplier;

/** The current snapshot. Read by every event loop, replaced by the control thread. */
public final class LiveSnapshot implements Supplier<Snapshot> {

    private volatile Snapshot snapshot;

    /** @param first the snapshot until the first {@link #swap} */
    public LiveSnapshot(Snapshot first) {
        this.snapshot = first;
    }

    @Override
    public Snapshot get() {
        return snapshot;
    }

    /** Replaces the snapshot, for connections accepted and request heads completed from now on. */
    public void swap(Snapshot next) {
        snapshot = next;
    }
}
