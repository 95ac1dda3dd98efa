// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.SlotPool.Slot;
import dev.wsroute.proxy.clientaddress.ClientKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The connection slots of each client. A client's entry exists while one of its connections does. Thread-safe. */
final class ClientTable {

    private final ConcurrentHashMap<ClientKey, SlotPool> clients = new ConcurrentHashMap<>();

    Slot acquire(ClientKey client, int cap) {
        return update(client, slots -> slots.acquire(cap));
    }

    Slot promote(ClientKey client, int cap) {
        return update(client, slots -> slots.promote(cap));
    }

    Slot tryAcquire(ClientKey client, int cap) {
        return update(client, slots -> slots.tryAcquire(cap) ? Slot.REGULAR : Slot.NONE);
    }

    void release(ClientKey client, Slot slot) {
        update(client, slots -> {
            slots.release(slot);
            return slot;
        });
    }

    int size() {
        return clients.size();
    }

    /** Creates the entry before the step and removes it afterwards if it is empty, atomically. */
    private Slot update(ClientKey client, Function<SlotPool, Slot> step) {
        Slot[] result = {Slot.NONE};
        clients.compute(client, (key, known) -> {
            SlotPool slots = known == null ? new SlotPool() : known;
            result[0] = step.apply(slots);
            return slots.isEmpty() ? null : slots;
        });
        return result[0];
    }
}
