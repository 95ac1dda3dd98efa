// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.status.Transition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Emits Events about the transitions of a route, which {@code kubectl describe} shows. The name of an Event is a hash of its
 * content, so a repeated one increments the count of the existing Event. A failure to write an Event is only logged.
 */
final class TransitionEvents {

    private static final Logger LOG = LoggerFactory.getLogger(TransitionEvents.class);
    private static final Set<String> LOGGED_BY_RECONCILER = Set.of("ApplyFailed", "Unprocessable");
    private static final String COMPONENT = "wsroute-operator";

    private final Clock clock;

    TransitionEvents(Clock clock) {
        this.clock = clock;
    }

    void emit(
            WebSocketRoute route,
            @Nullable WebSocketRouteStatus before,
            WebSocketRouteStatus after,
            KubernetesClient client) {
        for (Transition transition : Transition.between(before, after)) {
            LOG.atLevel(level(transition)).log("{}: {}", transition.reason(), transition.sentence());
            try {
                write(route, transition, client);
            } catch (KubernetesClientException e) {
                LOG.atLevel(ApplyFailures.isNamespaceTerminating(e) ? Level.DEBUG : Level.WARN)
                        .log("An Event could not be written: {}", e.getMessage());
            }
        }
    }

    /** The reconciler has already logged failures, with the time of the next attempt. */
    private static Level level(Transition transition) {
        if (LOGGED_BY_RECONCILER.contains(transition.reason())) {
            return Level.DEBUG;
        }
        return transition.warning() ? Level.WARN : Level.INFO;
    }

    private void write(WebSocketRoute route, Transition transition, KubernetesClient client) {
        Event event = event(route, transition);
        try {
            client.v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // By name, so that the count of the stored Event is incremented and not that of the new one.
            client.v1()
                    .events()
                    .inNamespace(event.getMetadata().getNamespace())
                    .withName(event.getMetadata().getName())
                    .edit(this::withIncrementedCount);
        }
    }

    private Event withIncrementedCount(Event event) {
        return new EventBuilder(event)
                .withCount(event.getCount() == null ? 2 : event.getCount() + 1)
                .withLastTimestamp(now())
                .build();
    }

    private Event event(WebSocketRoute route, Transition transition) {
        String identity = String.join(
                "\n",
                route.getMetadata().getUid(),
                transition.type().name(),
                transition.reason(),
                transition.sentence());
        UUID hash = UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(route.getMetadata().getNamespace())
                .withName(route.getMetadata().getName() + "." + Long.toHexString(hash.getMostSignificantBits()))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(route.getApiVersion())
                .withKind(route.getKind())
                .withNamespace(route.getMetadata().getNamespace())
                .withName(route.getMetadata().getName())
                .withUid(route.getMetadata().getUid())
                .endInvolvedObject()
                .withType(transition.warning() ? "Warning" : "Normal")
                .withReason(transition.reason())
                .withMessage(transition.sentence())
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withFirstTimestamp(now())
                .withLastTimestamp(now())
                .withCount(1)
                .build();
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
