// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of an {@link EvictingBudget} that one connection holds for one purpose. Used on its event loop. */
public final class Account {

    private final EvictingBudget budget;
    private volatile Evictable holder;
    private volatile long held;
    private volatile long lastProgress;
    /** Bytes that were held when the connection was evicted; 0 if it was not. */
    private final AtomicLong evictedBytes = new AtomicLong();

    Account(EvictingBudget budget, Evictable holder) {
        this.budget = budget;
        this.holder = holder;
    }

    /** Evicts by resetting the channel. Its handlers receive {@link Eviction#EVENT} first. */
    public static Evictable of(Channel channel) {
        return () -> Containment.execute(channel, () -> {
            channel.pipeline().fireUserEventTriggered(Eviction.EVENT);
            Containment.reset(channel);
        });
    }

    /**
     * Sets how many bytes are held. A decrease means that the reader made progress.
     *
     * @return false if they do not fit; then nothing changes, and the connection must be reset
     */
    public boolean hold(long bytes) {
        long before = held;
        if (bytes == before) {
            return true;
        }
        if (bytes > before && !budget.reserve(bytes - before)) {
            return false;
        }
        held = bytes;
        if (bytes < before || before == 0) {
            lastProgress = System.nanoTime();
        }
        if (before == 0) {
            budget.opened(this);
        }
        if (bytes == 0) {
            budget.closed(this);
            settle();
        }
        if (bytes > before) {
            budget.evictIfShort();
        } else {
            budget.release(before - bytes);
        }
        return true;
    }

    /** The reader made progress. */
    public void progressed() {
        lastProgress = System.nanoTime();
    }

    /** Hands the account to another holder, which is evicted from now on. */
    public void transferTo(Evictable next) {
        holder = next;
        if (isEvicted()) {
            next.evict();
        }
    }

    long held() {
        return held;
    }

    /** When the reader last made progress, as {@link System#nanoTime}. */
    long lastProgress() {
        return lastProgress;
    }

    boolean isEvicted() {
        return evictedBytes.get() > 0;
    }

    /** Evicts its holder. Returns false if nothing is held any more. Called by one thread at a time. */
    boolean evict() {
        long expected = held;
        budget.addBeingFreed(expected);
        evictedBytes.set(expected);
        if (held == 0) {
            // Released on the event loop in the meantime, perhaps before it could see the eviction.
            settle();
            return false;
        }
        holder.evict();
        return true;
    }

    private void settle() {
        budget.addBeingFreed(-evictedBytes.getAndSet(0));
    }
}
