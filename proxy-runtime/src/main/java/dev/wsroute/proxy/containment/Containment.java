// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.containment;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs everything that an event loop does for one connection: tasks, timers and listeners of operations. Anything that
 * they throw, {@link Error}s included, is counted and resets the connection. Netty would log or drop it and leave the
 * connection open without a working handler.
 */
public final class Containment {

    private Containment() {}

    /** Runs a task later on the connection's event loop. */
    public static void execute(Channel connection, Runnable task) {
        connection.eventLoop().execute(() -> run(connection, FailurePoint.TASK, task));
    }

    /** Runs a task on the connection's event loop after a delay. */
    public static ScheduledFuture<?> schedule(Channel connection, long nanos, Runnable task) {
        return connection
                .eventLoop()
                .schedule(() -> run(connection, FailurePoint.TASK, task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs a task after a delay that concerns no single connection. */
    public static void schedule(EventLoop loop, FailurePoint point, long nanos, Runnable task) {
        loop.schedule(() -> run(loop, point, task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Calls a listener once the operation is over. */
    public static <F extends Future<?>> void whenDone(
            F operation, Channel connection, GenericFutureListener<F> listener) {
        operation.addListener(done -> {
            try {
                listener.operationComplete(operation);
            } catch (Throwable e) {
                failed(connection, FailurePoint.LISTENER, e);
            }
        });
    }

    /**
     * Calls a listener whose failure concerns more than one connection.
     *
     * @param failed receives what the listener threw
     */
    public static void whenDone(ChannelFuture operation, Consumer<Throwable> failed, Runnable listener) {
        operation.addListener(done -> {
            try {
                listener.run();
            } catch (Throwable e) {
                run(operation.channel(), FailurePoint.LISTENER, () -> failed.accept(e));
            }
        });
    }

    /** Runs a step of a connection now. */
    public static void run(Channel connection, FailurePoint point, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            failed(connection, point, e);
        }
    }

    /**
     * Runs a step of something that all connections of an event loop share.
     *
     * @param loop where it runs
     */
    public static void run(Executor loop, FailurePoint point, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            of(loop).add(point, e);
        }
    }

    /** Counts what was thrown, without resetting a connection. */
    public static void count(Executor loop, FailurePoint point, Throwable cause) {
        of(loop).add(point, cause);
    }

    /** Counts what was thrown, and resets the connection. Call on its event loop. */
    public static void failed(Channel connection, FailurePoint point, Throwable cause) {
        assert ThreadRules.onLoopOf(connection);
        of(connection.eventLoop()).add(point, cause);
        reset(connection);
    }

    /** Closes the connection with a TCP reset. Call on its event loop. Never throws. */
    public static void reset(Channel connection) {
        try {
            if (connection.isOpen()) {
                connection.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } catch (Throwable e) {
            // The connection is closed anyway.
            of(connection.eventLoop()).add(FailurePoint.IO, e);
        }
        // Not through the pipeline: TLS would wait until close_notify is sent.
        connection.unsafe().close(connection.voidPromise());
    }

    private static Failures of(Executor loop) {
        // Not an event loop of ours: log at least.
        return loop instanceof ContainedLoop contained ? contained.failures() : new Failures();
    }
}
