// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Follows the status of one route, and records when each state was received. */
final class RouteWatch implements AutoCloseable {

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final Watch watch;

    /** A state of the route, and when it was received, as {@link System#nanoTime()}. */
    private record Seen(WebSocketRoute route, long nanos) {}

    RouteWatch(Resource<WebSocketRoute> route) {
        watch = route.watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, WebSocketRoute state) {
                seen.add(new Seen(state, System.nanoTime()));
            }

            @Override
            public void onClose(WatcherException cause) {
                // The wait then times out and reports that.
            }
        });
    }

    /** When the route was programmed at {@code generation}; empty if it was not in time. */
    OptionalLong awaitProgrammed(long generation, Duration patience) throws InterruptedException {
        return await(route -> RouteConditions.isTrueAt(route, "Programmed", generation), patience);
    }

    /** When the route was ready at its newest generation; empty if it was not in time. */
    OptionalLong awaitReady(Duration patience) throws InterruptedException {
        return await(route -> RouteConditions.isTrue(route, "Ready"), patience);
    }

    private OptionalLong await(Predicate<WebSocketRoute> wanted, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Seen next = seen.poll(Math.max(deadline - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
            if (next == null) {
                return OptionalLong.empty();
            }
            if (wanted.test(next.route())) {
                return OptionalLong.of(next.nanos());
            }
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
