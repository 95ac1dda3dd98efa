// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;

/** The deadlines of one event loop, by length. Confined to the loop. */
final class DeadlineQueues {

    private final EventLoop loop;
    private final LongObjectMap<DeadlineQueue> queues = new LongObjectHashMap<>();

    DeadlineQueues(EventLoop loop) {
        this.loop = loop;
    }

    static DeadlineQueues of(EventLoop loop) {
        return loop instanceof ContainedLoop contained ? contained.deadlines() : new DeadlineQueues(loop);
    }

    /** The queue of those that last so many nanoseconds. */
    DeadlineQueue lasting(long nanos) {
        DeadlineQueue queue = queues.get(nanos);
        if (queue == null) {
            queue = new DeadlineQueue(loop, nanos, () -> queues.remove(nanos));
            queues.put(nanos, queue);
        }
        return queue;
    }
}
