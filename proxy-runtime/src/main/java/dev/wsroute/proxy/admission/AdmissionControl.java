// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.SlotPool.Slot;
import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts clients, their connections and their handshakes against the current limits. Lowering a limit closes nothing: it
 * applies to new connections. Thread-safe.
 */
public final class AdmissionControl {

    final SlotPool connections = new SlotPool();
    final SlotPool handshakes = new SlotPool();
    final SlotTable<ClientKey> clients = new SlotTable<>();
    final SlotTable<String> subjects = new SlotTable<>();
    final RateLimiter handshakeRate = new RateLimiter(System.nanoTime());
    private final Supplier<Caps> caps;
    private final LongAdder refused = new LongAdder();

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
        if (slot == Slot.NONE) {
            countRefusal();
            return null;
        }
        return new ConnectionPermit(this, slot);
    }

    /** Number of handshakes in progress. */
    public int handshaking() {
        return handshakes.used();
    }

    /**
     * How often a limit of the whole proxy, not one of a client, or overload has refused a connection or a handshake since the start of
     * the process. A client that tries again counts again.
     */
    public long refused() {
        return refused.sum();
    }

    /** Counts a refusal because of a limit of the whole proxy, or of its processors. */
    public void countRefusal() {
        refused.increment();
    }

    /** Number of clients with at least one counted connection. */
    public int countedClients() {
        return clients.size();
    }

    /** Number of subjects with at least one counted connection. */
    public int countedSubjects() {
        return subjects.size();
    }

    Caps caps() {
        return caps.get();
    }
}
