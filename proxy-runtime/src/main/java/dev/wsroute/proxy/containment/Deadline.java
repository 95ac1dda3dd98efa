// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * At most one pending timer of a connection. Arming and cancelling it allocates nothing and does not depend on how many
 * there are. Used only on the connection's event loop.
 */
public final class Deadline {

    private final EventLoop loop;
    private final Consumer<Throwable> failed;
    private @Nullable DeadlineQueue queue;
    private @Nullable Runnable action;

    @Nullable Deadline previous;

    @Nullable Deadline next;
    /** On {@link System#nanoTime()}. */
    long due;

    /** @param connection reset if an action throws */
    public Deadline(Channel connection) {
        this(connection.eventLoop(), cause -> Containment.failed(connection, FailurePoint.TASK, cause));
    }

    /** @param failed receives what an action throws */
    public Deadline(EventLoop loop, Consumer<Throwable> failed) {
        this.loop = loop;
        this.failed = failed;
    }

    /** Replaces the pending timer: calls {@code then} after {@code after}. */
    public void arm(Duration after, Runnable then) {
        cancel();
        action = then;
        DeadlineQueue joined = DeadlineQueues.of(loop).lasting(after.toNanos());
        queue = joined;
        joined.add(this);
    }

    /** Cancels the pending timer. */
    public void cancel() {
        assert ThreadRules.on(loop);
        DeadlineQueue joined = queue;
        if (joined != null) {
            queue = null;
            action = null;
            joined.remove(this);
        }
    }

    /** It is due and has left its queue. */
    void expire() {
        Runnable then = action;
        queue = null;
        action = null;
        try {
            if (then != null) {
                then.run();
            }
        } catch (Throwable e) {
            failed.accept(e);
        }
    }
}
