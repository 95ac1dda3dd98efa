package dev.wsroute.proxy.codec;

import dev.wsroute.proxy.memory.MemoryBudget;

/** The bytes of a budget that one connection has reserved. */
final class Holding {

    private final MemoryBudget budget;
    private long held;

    Holding(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * Reserves or releases bytes so that exactly this many are held.
     *
     * @throws MessageFault if they do not fit; then the reservation is unchanged
     */
    void hold(long bytes) {
        if (bytes > held && !budget.reserve(bytes - held)) {
            throw new MessageFault(MessageFault.Kind.NO_MEMORY, "The budget for " + budget.name() + " is used up");
        }
        if (bytes < held) {
            budget.release(held - bytes);
        }
        held = bytes;
    }
}
