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
 * these throw, {@link Error}s included, resets the connection and is counted. Netty would log or drop it, and leave the
 * connection open and unattended.
 */
public final class Containment {

    private Containment() {}

    /** Runs a task later on the connection's event loop. */
    public static void execute(Channel connection, Runnable task) {
        connection.eventLoop().execute(() -> run(connection, Place.TASK, task));
    }

    /** Runs a task on the connection's event loop after a delay. */
    public static ScheduledFuture<?> schedule(Channel connection, long nanos, Runnable task) {
        return connection.eventLoop().schedule(() -> run(connection, Place.TASK, task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Runs a task after so long that is not for one connection. */
    public static void schedule(EventLoop loop, Place place, long nanos, Runnable task) {
        loop.schedule(() -> run(loop, place, task), nanos, TimeUnit.NANOSECONDS);
    }

    /** Calls a listener once the operation is over. */
    public static <F extends Future<?>> void whenDone(
            F operation, Channel connection, GenericFutureListener<F> listener) {
        operation.addListener(done -> run(connection, Place.LISTENER, () -> tell(listener, operation)));
    }

    /**
     * Calls a listener whose failure concerns more than one connection.
     *
     * @param failed is told what the listener threw
     */
    public static void whenDone(ChannelFuture operation, Consumer<Throwable> failed, Runnable listener) {
        operation.addListener(done -> {
            try {
                listener.run();
            } catch (Throwable e) {
                run(operation.channel(), Place.LISTENER, () -> failed.accept(e));
            }
        });
    }

    private static <F extends Future<?>> void tell(GenericFutureListener<F> listener, F operation) {
        try {
            listener.operationComplete(operation);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a step of a connection now. */
    public static void run(Channel connection, Place place, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            failed(connection, place, e);
        }
    }

    /**
     * Runs a step of something that the connections of an event loop share.
     *
     * @param loop where it runs
     */
    public static void run(Executor loop, Place place, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            of(loop).add(place, e);
        }
    }

    /** Counts what was thrown, without resetting a connection. */
    public static void count(Executor loop, Place place, Throwable cause) {
        of(loop).add(place, cause);
    }

    /** Counts what was thrown, and resets the connection. To be called on its event loop. */
    public static void failed(Channel connection, Place place, Throwable cause) {
        of(connection.eventLoop()).add(place, cause);
        reset(connection);
    }

    /** Closes such that the peer sees a reset. To be called on the connection's event loop; never throws. */
    public static void reset(Channel connection) {
        try {
            if (connection.isOpen()) {
                connection.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } catch (Throwable e) {
            // The connection is closed all the same.
            of(connection.eventLoop()).add(Place.IO, e);
        }
        connection.close();
    }

    private static Failures of(Executor loop) {
        // Errors on other threads are at least logged.
        return loop instanceof ContainedLoop contained ? contained.failures() : new Failures();
    }
}
