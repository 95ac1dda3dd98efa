package dev.wsroute.proxy.http;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.memory.MemoryBudget;
import io.netty.channel.Channel;

/** What a connection keeps of its request, reserved of a budget until the connection is closed. */
final class KeptRequest {

    private final MemoryBudget budget;
    private long held;

    KeptRequest(MemoryBudget budget, Channel connection) {
        this.budget = budget;
        Containment.whenDone(connection.closeFuture(), connection, closed -> hold(0));
    }

    /**
     * Keeps so many bytes from now on.
     *
     * @return false when they do not fit; then as many are held as before
     */
    boolean hold(long bytes) {
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
