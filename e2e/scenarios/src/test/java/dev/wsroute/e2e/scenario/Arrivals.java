// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.e2e.client.WebSocketClient;
import dev.wsroute.e2e.client.WebSocketConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Fifty clients per second. Each receives a greeting and disconnects. */
final class Arrivals implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 20;

    private final WebSocketClient client = new WebSocketClient(1);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<String> greetings = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();

    Arrivals(URI uri) {
        URI greeting = URI.create(uri + "?hello");
        clock.scheduleAtFixedRate(
                () -> client.connect(greeting)
                        .thenCompose(connection ->
                                connection.first().whenComplete((name, failure) -> leave(connection, failure)))
                        .whenComplete(this::record),
                0,
                INTERVAL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static void leave(WebSocketConnection connection, @Nullable Throwable failure) {
        if (failure == null) {
            connection.close();
        }
    }

    private synchronized void record(@Nullable String backend, @Nullable Throwable failure) {
        if (failure != null) {
            failures.add(failure);
        } else if (backend != null) {
            greetings.add(backend);
        }
    }

    /** The pods that greeted, in order. */
    synchronized List<String> greetings() {
        return List.copyOf(greetings);
    }

    private synchronized int settled() {
        return greetings.size() + failures.size();
    }

    /** Waits for {@code count} more clients, and returns the backends that greeted them. No client may have failed so far. */
    List<String> await(int count) {
        int before = greetings().size();
        int settledBefore = settled();
        Awaitility.await(count + " arrivals").until(() -> settled() - settledBefore >= count);
        assertNoneFailed();
        List<String> all = greetings();
        return all.subList(before, all.size());
    }

    synchronized void assertNoneFailed() {
        assertThat(failures).isEmpty();
        assertThat(greetings).isNotEmpty();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        client.close();
    }
}
