// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.e2e.client.WebSocketClient;
import dev.wsroute.e2e.client.WebSocketConnection;
import dev.wsroute.e2e.cluster.api.http.RequestCounts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** How long new connections still reach the old endpoints after the API has accepted new ones. */
final class EndpointChanges {

    static final String PART = "endpoints";

    private static final int WARM_UP = 20;
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LiveCluster live;
    private int failedHandshakes;

    EndpointChanges(LiveCluster live) {
        this.live = live;
    }

    /** @param count number of measured changes, after a warm-up */
    ChangesOutcome run(int count) throws InterruptedException {
        URI proxy = live.address();
        List<Duration> landed = new ArrayList<>();
        try (WebSocketClient client = new WebSocketClient(1)) {
            for (int i = 0; i < WARM_UP; i++) {
                change(client, proxy);
            }
            live.settle();
            failedHandshakes = 0;
            RequestCounts.Snapshot before = live.requests();
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                landed.add(change(client, proxy));
                TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            return new ChangesOutcome(
                    Percentiles.of(landed),
                    failedHandshakes,
                    new Churn(PART, count, took, live.requests().since(before)));
        }
    }

    /** The time from the API's response until a connection that began after it had reached a new endpoint. */
    private Duration change(WebSocketClient client, URI proxy) throws InterruptedException {
        Set<String> wanted = live.backends().replaceEndpoints();
        long accepted = System.nanoTime();
        while (System.nanoTime() - accepted < PATIENCE.toNanos()) {
            try {
                WebSocketConnection connection = client.connect(proxy).join();
                String reached = connection
                        .first()
                        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
                connection.close();
                if (wanted.contains(reached)) {
                    return Duration.ofNanos(connection.openedNanos() - accepted);
                }
            } catch (CompletionException e) {
                failedHandshakes++;
            }
        }
        throw new IllegalStateException(
                "no connection came to the new endpoints within " + PATIENCE + " of the change");
    }

    /** The result. */
    record ChangesOutcome(Percentiles landed, int failedHandshakes, Churn churn) {

        private static final double MEDIAN_MILLIS = 20;
        private static final double P99_MILLIS = 100;

        List<Figure> figures() {
            List<Figure> figures = new ArrayList<>();
            String what = "EndpointSlice change to first new connection, ";
            figures.add(new Figure(PART, what + "median", millis(landed.at(50)), "ms", MEDIAN_MILLIS));
            figures.add(new Figure(PART, what + "p99", millis(landed.at(99)), "ms", P99_MILLIS));
            figures.add(Figure.of(PART, what + "max", millis(landed.max()), "ms"));
            figures.add(Figure.count(PART, "handshakes that failed meanwhile", failedHandshakes, 0));
            figures.addAll(churn.figures());
            return figures;
        }
    }

    static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
