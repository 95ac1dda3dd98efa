// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.ThreadRules;
import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** At most one pending timer of a connection. Used only on its event loop. */
public final class Deadline {

    private final Channel connection;
    private @Nullable ScheduledFuture<?> pending;

    /** @param connection reset if an action throws */
    public Deadline(Channel connection) {
        this.connection = connection;
    }

    /** Replaces the pending timer: calls {@code action} after {@code after}. */
    public void arm(Duration after, Runnable action) {
        assert ThreadRules.onLoopOf(connection);
        cancel();
        pending = Containment.schedule(connection, after.toNanos(), action);
    }

    /** Cancels the pending timer. */
    public void cancel() {
        assert ThreadRules.onLoopOf(connection);
        ScheduledFuture<?> timer = pending;
        if (timer != null) {
            timer.cancel(false);
            pending = null;
        }
    }
}
