// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;

/**
 * Checks of thread confinement, to be used in {@code assert}: tests run them, and production does not pay for them. Each
 * returns true or throws an {@link AssertionError} that names the threads.
 */
public final class ThreadRules {

    private ThreadRules() {}

    /** The current thread is the connection's event loop. A channel without an event loop yet passes. */
    public static boolean onLoopOf(Channel connection) {
        return !connection.isRegistered() || on(connection.eventLoop());
    }

    /** The current thread is that of an event loop or of a {@link LoggingScheduler}. Other executors pass. */
    public static boolean on(Executor executor) {
        boolean confined = executor instanceof EventExecutor loop
                ? loop.inEventLoop()
                : !(executor instanceof LoggingScheduler scheduler) || scheduler.inThread();
        if (!confined) {
            throw new AssertionError("must run on " + executor + ", but runs on "
                    + Thread.currentThread().getName());
        }
        return true;
    }

    /** The current thread may block: it is not an event loop's. */
    public static boolean mayBlock() {
        if (Thread.currentThread() instanceof FastThreadLocalThread) {
            throw new AssertionError(
                    "must not block the event loop " + Thread.currentThread().getName());
        }
        return true;
    }
}
