// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import dev.wsroute.proxy.admission.SlotPool.Slot;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The connection slots of each holder, such as a client. Its entry exists while one of its connections does. Thread-safe.
 *
 * @param <K> what identifies a holder
 */
final class SlotTable<K> {

    private final ConcurrentHashMap<K, SlotPool> holders = new ConcurrentHashMap<>();

    Slot acquire(K holder, int cap) {
        return update(holder, slots -> slots.acquire(cap));
    }

    Slot promote(K holder, int cap) {
        return update(holder, slots -> slots.promote(cap));
    }

    Slot tryAcquire(K holder, int cap) {
        return update(holder, slots -> slots.tryAcquire(cap) ? Slot.REGULAR : Slot.NONE);
    }

    void release(K holder, Slot slot) {
        update(holder, slots -> {
            slots.release(slot);
            return slot;
        });
    }

    int size() {
        return holders.size();
    }

    /** Creates the entry before the step and removes it afterwards if it is empty, atomically. */
    private Slot update(K holder, Function<SlotPool, Slot> step) {
        Slot[] result = {Slot.NONE};
        holders.compute(holder, (key, known) -> {
            SlotPool slots = known == null ? new SlotPool() : known;
            result[0] = step.apply(slots);
            return slots.isEmpty() ? null : slots;
        });
        return result[0];
    }
}
