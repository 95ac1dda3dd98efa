// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Follows a route's conditions and prints a line for each change. */
public final class RouteProgress {

    private final KubernetesClient client;
    private final Consumer<String> out;
    private final Map<String, String> shown = new HashMap<>();

    public RouteProgress(KubernetesClient client, Consumer<String> out) {
        this.client = client;
        this.out = out;
    }

    /**
     * Waits until the route's newest generation is Ready.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientTimeoutException if it is not Ready within {@code timeout}
     */
    public void awaitReady(String namespace, String name, Duration timeout) {
        client.resources(WebSocketRoute.class)
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(this::showAndTest, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the newest generation is Ready. */
    public static boolean isReady(WebSocketRoute route) {
        return condition(route, "Ready")
                .filter(ready -> "True".equals(ready.getStatus()))
                .filter(ready -> Objects.equals(
                        ready.getObservedGeneration(), route.getMetadata().getGeneration()))
                .isPresent();
    }

    /** One condition of the status, if the operator has written it. */
    public static Optional<Condition> condition(WebSocketRoute route, String type) {
        return conditions(route).stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private synchronized boolean showAndTest(WebSocketRoute route) {
        if (route == null) {
            return false;
        }
        for (Condition condition : conditions(route)) {
            String line = "%-18s %-7s %s".formatted(condition.getType(), condition.getStatus(), condition.getMessage());
            if (!line.equals(shown.put(condition.getType(), line))) {
                out.accept(line);
            }
        }
        return isReady(route);
    }

    private static List<Condition> conditions(WebSocketRoute route) {
        WebSocketRouteStatus status = route.getStatus();
        return status == null || status.conditions() == null ? List.of() : status.conditions();
    }
}
