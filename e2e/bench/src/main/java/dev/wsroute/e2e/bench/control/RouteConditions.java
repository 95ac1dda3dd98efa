// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;

/** The conditions in the status of a route. */
final class RouteConditions {

    private RouteConditions() {}

    /** Whether the condition is True for the route's newest generation. */
    static boolean isTrue(WebSocketRoute route, String type) {
        return isTrueAt(route, type, route.getMetadata().getGeneration());
    }

    /** Whether the condition is True for {@code generation}. */
    static boolean isTrueAt(WebSocketRoute route, String type, long generation) {
        List<Condition> conditions =
                route.getStatus() == null ? null : route.getStatus().conditions();
        return conditions != null
                && conditions.stream()
                        .anyMatch(condition -> condition.getType().equals(type)
                                && "True".equals(condition.getStatus())
                                && Objects.equals(condition.getObservedGeneration(), generation));
    }
}
