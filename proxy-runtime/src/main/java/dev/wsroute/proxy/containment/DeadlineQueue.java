// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of one length. They are due in the order in which they began, so that the first one's timer serves all of
 * them. Confined to its event loop.
 */
final class DeadlineQueue implements Runnable {

    private static final int MOST_AT_ONCE = 256;

    private final EventLoop loop;
    private final long nanos;
    private final Runnable ended;
    private @Nullable Deadline first;
    private @Nullable Deadline last;
    private boolean scheduled;

    /** @param ended called when it is empty and its timer has ended, before anything else is added */
    DeadlineQueue(EventLoop loop, long nanos, Runnable ended) {
        this.loop = loop;
        this.nanos = nanos;
        this.ended = ended;
    }

    /** Begins one. */
    void add(Deadline deadline) {
        deadline.due = System.nanoTime() + nanos;
        Deadline before = last;
        last = deadline;
        deadline.previous = before;
        if (before == null) {
            first = deadline;
        } else {
            before.next = deadline;
        }
        if (!scheduled) {
            schedule(nanos);
        }
    }

    /** Ends one that is here. */
    void remove(Deadline deadline) {
        Deadline before = deadline.previous;
        Deadline after = deadline.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        deadline.previous = null;
        deadline.next = null;
    }

    private void schedule(long delay) {
        loop.schedule(this, delay, TimeUnit.NANOSECONDS);
        scheduled = true;
    }

    /** The first one of some time ago is due, unless it has been cancelled. */
    @Override
    public void run() {
        try {
            expireDue();
        } finally {
            // Whatever an action did: without a timer, no deadline of this length would be due any more.
            scheduled = false;
            Deadline waiting = first;
            if (waiting == null) {
                ended.run();
            } else {
                schedule(Math.max(0, waiting.due - System.nanoTime()));
            }
        }
    }

    private void expireDue() {
        for (int left = MOST_AT_ONCE; left > 0; left--) {
            Deadline deadline = first;
            if (deadline == null || deadline.due - System.nanoTime() > 0) {
                return;
            }
            remove(deadline);
            deadline.expire();
        }
    }
}
