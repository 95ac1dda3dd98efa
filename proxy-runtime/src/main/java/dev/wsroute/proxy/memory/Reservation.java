// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

/** The bytes of a budget that one connection has reserved for one purpose. Used on its event loop. */
public final class Reservation {

    private final MemoryBudget budget;
    private long held;

    public Reservation(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * Reserves or releases bytes so that exactly this many are reserved.
     *
     * @return false if they do not fit; then nothing changes
     */
    public boolean hold(long bytes) {
        if (bytes > held && !budget.reserve(bytes - held)) {
            return false;
        }
        if (bytes < held) {
            budget.release(held - bytes);
        }
        held = bytes;
        return true;
    }
}
