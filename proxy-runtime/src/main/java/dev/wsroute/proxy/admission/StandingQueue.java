// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admission;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Recognises overload by a listener's accept queue: for two seconds many clients wait there at any time, for long, and they do not become
 * fewer. A crowd that comes at once, a pause of the process, and a process that others keep off the processor are no overload: the queue
 * gets shorter once the process runs. While there is overload, a few clients may wait, so that the proxy always has one to serve,
 * and the others are refused, those that have waited longest first.
 *
 * <p>Used on the listener's event loop only. Times are in nanoseconds, as of {@link System#nanoTime}.
 */
public final class StandingQueue {

    /** So many may wait. They are served within some tens of milliseconds. */
    public static final int TOLERATED = 64;

    /** At most so many are refused between two that are served, so that open connections do not wait for long. */
    static final int REFUSED_AT_ONCE = 16;

    /**
     * Overload does not begin while clients wait for a shorter time than this. Some hundred clients that connect again as soon as they are served
     * keep a queue that stands, and are well served.
     */
    static final long LONG_WAIT = TimeUnit.MILLISECONDS.toNanos(250);

    /** On a fast machine, the kernel's queue is full before anybody waits for so long. */
    static final int MANY = 2_048;

    /** How often to look while few wait: looking takes a system call. */
    static final long LOOK_EVERY = TimeUnit.MILLISECONDS.toNanos(20);

    /** The longest queues of so long are compared with each other. */
    static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(500);

    /** How many windows in a row must be no better than the one before. After a single pause, only one is. */
    static final int WINDOWS = 3;

    /** How long there must be nobody to refuse until overload is over. */
    static final long CALM = TimeUnit.SECONDS.toNanos(1);

    /**
     * A queue of less than this share of the former length is on its way to be served. Close to 1: after a pause of three seconds, a
     * proxy with 95 % load needs a minute for its queue. With overload the queue is full, or gets longer.
     */
    private static final double STANDS = 0.995;

    private enum State {
        SHORT,
        LONG,
        OVERLOAD
    }

    private State state = State.SHORT;
    private long lookedAt;
    /** In {@link State#LONG}: when the window began, and the longest queue in it and in the one before (0: none). */
    private long since;

    private int longest;
    private int longestBefore;
    private int noBetter;
    /** Accepted in this window. */
    private int served;
    /** In {@link State#OVERLOAD}: when there was somebody to refuse. */
    private long refusedAt;

    /** @param now before the first call of {@link #excess} */
    public StandingQueue(long now) {
        lookedAt = now - LOOK_EVERY;
    }

    /**
     * How many of those that have waited longest are to be refused now. Called after each accepted connection.
     *
     * @param waiting number of clients in the queue; called only if it is needed
     */
    public int excess(IntSupplier waiting, long now) {
        served++;
        if (now - lookedAt > CALM) {
            // Nobody came, or the process did not run: what was seen before says nothing.
            state = State.SHORT;
        } else if (state == State.SHORT && now - lookedAt < LOOK_EVERY) {
            return 0;
        }
        lookedAt = now;
        int count = waiting.getAsInt();
        if (count <= TOLERATED) {
            if (state != State.OVERLOAD || now - refusedAt >= CALM) {
                state = State.SHORT;
            }
            return 0;
        }
        watch(count, now);
        if (state != State.OVERLOAD) {
            return 0;
        }
        refusedAt = now;
        return Math.min(count - TOLERATED, REFUSED_AT_ONCE);
    }

    /** Whether there is overload. */
    public boolean isOverload() {
        return state == State.OVERLOAD;
    }

    private void watch(int count, long now) {
        switch (state) {
            case SHORT -> {
                state = State.LONG;
                noBetter = 0;
                longest = 0;
                begin(count, now);
            }
            case LONG -> {
                if (now - since >= WINDOW) {
                    judge(count, now);
                } else {
                    longest = Math.max(longest, count);
                }
            }
            case OVERLOAD -> {}
        }
    }

    private void judge(int count, long now) {
        boolean stands = longestBefore > 0 && longest >= STANDS * longestBefore && isLong(now);
        noBetter = stands ? noBetter + 1 : 0;
        if (noBetter == WINDOWS) {
            state = State.OVERLOAD;
        } else {
            begin(count, now);
        }
    }

    /** Whether the last in the queue waits for long, at the pace of this window. */
    private boolean isLong(long now) {
        return longest >= MANY || (double) longest * (now - since) >= (double) LONG_WAIT * served;
    }

    private void begin(int count, long now) {
        served = 0;
        longestBefore = longest;
        longest = count;
        since = now;
    }
}
