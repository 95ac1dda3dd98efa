package dev.wsroute.proxy.memory;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of an {@link EvictingBudget} that one connection holds for one purpose. Used on its event loop. */
public final class Account {

    private final EvictingBudget budget;
    private volatile Evictable holder;
    private volatile long held;
    private volatile long movedAt;
    /** Bytes that were held when the connection was evicted; 0: it was not. */
    private final AtomicLong leaving = new AtomicLong();

    Account(EvictingBudget budget, Evictable holder) {
        this.budget = budget;
        this.holder = holder;
    }

    /** Evicts by a reset of the channel, which its handlers are told of by {@link Eviction#EVENT}. */
    public static Evictable of(Channel channel) {
        return () -> Containment.execute(channel, () -> {
            channel.pipeline().fireUserEventTriggered(Eviction.EVENT);
            Containment.reset(channel);
        });
    }

    /**
     * Sets how many bytes are held. Fewer than before mean that the reader has taken some.
     *
     * @return false if there is no room for more: then as many are held as before, and the connection must be reset
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
            movedAt = System.nanoTime();
        }
        if (before == 0) {
            budget.opened(this);
        }
        if (bytes == 0) {
            budget.closed(this);
            settle();
        }
        if (bytes > before) {
            budget.makeRoom();
        } else {
            budget.release(before - bytes);
        }
        return true;
    }

    /** The reader has taken something. */
    public void moved() {
        movedAt = System.nanoTime();
    }

    /** From now on another holder is evicted. */
    public void passTo(Evictable next) {
        holder = next;
        if (isLeaving()) {
            next.evict();
        }
    }

    long held() {
        return held;
    }

    /** When the reader took something last, by {@link System#nanoTime}. */
    long movedAt() {
        return movedAt;
    }

    boolean isLeaving() {
        return leaving.get() > 0;
    }

    /** Evicts its holder. Returns false if it holds nothing any more. Called by one thread at a time. */
    boolean evict() {
        long expected = held;
        budget.leaving(expected);
        leaving.set(expected);
        if (held == 0) {
            // Released meanwhile on the event loop, perhaps before it could see that this account is leaving.
            settle();
            return false;
        }
        holder.evict();
        return true;
    }

    private void settle() {
        budget.leaving(-leaving.getAndSet(0));
    }
}
