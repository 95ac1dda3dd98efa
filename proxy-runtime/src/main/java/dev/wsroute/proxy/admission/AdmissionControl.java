// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.SlotPool.Slot;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts clients, their connections and their handshakes against the current limits. Lowering a limit closes nothing: it
 * applies to new connections. Thread-safe.
 */
public final class AdmissionControl {

    final SlotPool connections = new SlotPool();
    final SlotPool handshakes = new SlotPool();
    final ClientTable clients = new ClientTable();
    final RateLimiter handshakeRate = new RateLimiter(System.nanoTime());
    private final Supplier<Caps> caps;

    /** @param caps the current limits */
    public AdmissionControl(Supplier<Caps> caps) {
        this.caps = caps;
    }

    /**
     * Acquires a permit for an accepted connection.
     *
     * @return null when there is no slot, not even one to send a refusal: close the connection at once
     */
    public @Nullable ConnectionPermit acquire() {
        Slot slot = connections.acquire(caps().connections());
        return slot == Slot.NONE ? null : new ConnectionPermit(this, slot);
    }

    /** Number of clients with at least one counted connection. */
    public int countedClients() {
        return clients.size();
    }

    Caps caps() {
        return caps.get();
    }
}
