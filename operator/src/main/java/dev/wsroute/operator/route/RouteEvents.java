// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes Events about routes, which {@code kubectl describe} shows. The name of an Event is a hash of its content, so a repeated
 * one increments the count of the existing Event. A failure to write an Event is only logged.
 */
final class RouteEvents {

    private static final Logger LOG = LoggerFactory.getLogger(RouteEvents.class);
    private static final String COMPONENT = "wsroute-operator";

    private final Clock clock;

    RouteEvents(Clock clock) {
        this.clock = clock;
    }

    /**
     * @param about which aspect of the route the Event is about; Events of different aspects are not counted together
     * @param reason in CamelCase
     */
    void write(
            WebSocketRoute route,
            String about,
            boolean warning,
            String reason,
            String sentence,
            KubernetesClient client) {
        try {
            writeOrCount(event(route, about, warning, reason, sentence), client);
        } catch (KubernetesClientException e) {
            LOG.atLevel(ApplyFailures.isNamespaceTerminating(e) ? Level.DEBUG : Level.WARN)
                    .log("An Event could not be written: {}", e.getMessage());
        }
    }

    private void writeOrCount(Event event, KubernetesClient client) {
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

    private Event event(WebSocketRoute route, String about, boolean warning, String reason, String sentence) {
        String identity = String.join("\n", route.getMetadata().getUid(), about, reason, sentence);
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
                .withType(warning ? "Warning" : "Normal")
                .withReason(reason)
                .withMessage(sentence)
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
