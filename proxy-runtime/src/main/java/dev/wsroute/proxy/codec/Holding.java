package dev.wsroute.proxy.codec;

import dev.wsroute.proxy.memory.MemoryBudget;

/** What one connection has reserved of a budget at the moment. */
final class Holding {

    private final MemoryBudget budget;
    private long held;

    Holding(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * Reserves or releases, such that so many are held.
     *
     * @throws MessageFault when they do not fit; then as many are held as before
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
