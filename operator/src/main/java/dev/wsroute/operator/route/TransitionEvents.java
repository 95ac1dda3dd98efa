// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.status.Transition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Logs the transitions of a route and emits Events about them. */
final class TransitionEvents {

    private static final Logger LOG = LoggerFactory.getLogger(TransitionEvents.class);
    private static final Set<String> LOGGED_BY_RECONCILER = Set.of("ApplyFailed", "Unprocessable");

    private final RouteEvents events;

    TransitionEvents(RouteEvents events) {
        this.events = events;
    }

    void emit(
            WebSocketRoute route,
            @Nullable WebSocketRouteStatus before,
            WebSocketRouteStatus after,
            KubernetesClient client) {
        for (Transition transition : Transition.between(before, after)) {
            LOG.atLevel(level(transition)).log("{}: {}", transition.reason(), transition.sentence());
            events.write(
                    route,
                    transition.type().name(),
                    transition.warning(),
                    transition.reason(),
                    transition.sentence(),
                    client);
        }
    }

    /** The reconciler has already logged failures, with the time of the next attempt. */
    private static Level level(Transition transition) {
        if (LOGGED_BY_RECONCILER.contains(transition.reason())) {
            return Level.DEBUG;
        }
        return transition.warning() ? Level.WARN : Level.INFO;
    }
}
