// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

/**
 * The deadlines of one event loop, by length. Lengths are rounded up by less than one per cent, so that there are at most some
 * thousand queues however many lengths there are. Confined to the loop.
 */
final class DeadlineQueues {

    /** Of a length: its leading bits, the others become 0. */
    private static final int PRECISION = 8;

    private final EventLoop loop;
    private final LongObjectMap<DeadlineQueue> queues = new LongObjectHashMap<>();

    DeadlineQueues(EventLoop loop) {
        this.loop = loop;
    }

    static DeadlineQueues of(EventLoop loop) {
        return loop instanceof ContainedLoop contained ? contained.deadlines() : new DeadlineQueues(loop);
    }

    /** The queue of those that last so many nanoseconds, or slightly longer. */
    DeadlineQueue lasting(long nanos) {
        long length = roundedUp(nanos);
        DeadlineQueue queue = queues.get(length);
        if (queue == null) {
            queue = new DeadlineQueue(loop, length, () -> queues.remove(length));
            queues.put(length, queue);
        }
        return queue;
    }

    /** Number of queues that have deadlines, or had some for their length of time. */
    int size() {
        return queues.size();
    }

    static long roundedUp(long nanos) {
        long dropped = Math.max(1, Long.highestOneBit(nanos) >> (PRECISION - 1)) - 1;
        long rounded = (nanos + dropped) & ~dropped;
        return rounded < nanos ? nanos : rounded;
    }
}
