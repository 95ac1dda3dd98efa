package dev.wsroute.proxy.memory;

import dev.wsroute.proxy.containment.Containment;
import io.netty.channel.Channel;

/** The buffers that one connection holds for one of its readers. Used on its event loop. */
public final class BufferAccount {

    private final BufferBudget budget;
    private final Evictable holder;
    private volatile long held;
    private volatile long movedAt;
    /** Bytes that were held when the connection was evicted; 0: it was not. */
    private volatile long leaving;

    BufferAccount(BufferBudget budget, Evictable holder) {
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

    long held() {
        return held;
    }

    /** The larger, the more others gain from an eviction: bytes times nanoseconds since the reader took something. */
    double weight(long now) {
        return (double) held * Math.max(1, now - movedAt);
    }

    boolean isLeaving() {
        return leaving > 0;
    }

    /** Returns how many bytes will become free. */
    long evict() {
        leaving = held;
        holder.evict();
        return leaving;
    }

    /** Returns how many bytes its eviction was to free. */
    long hasLeft() {
        long expected = leaving;
        leaving = 0;
        return expected;
    }
}
