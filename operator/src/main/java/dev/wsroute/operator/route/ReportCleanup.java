package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.resources.Names;
import dev.wsroute.operator.status.Observation;
import dev.wsroute.operator.status.ProxyReports;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the reports of pods that are gone out of the report ConfigMap. A pod counts as gone when no EndpointSlice of the
 * proxies holds it and the API does not know it either: a fresh pod reports before the slices have it.
 */
final class ReportCleanup {

    private static final Logger LOG = LoggerFactory.getLogger(ReportCleanup.class);
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    void removeGone(WebSocketRoute route, Observation observed, KubernetesClient client) {
        String namespace = route.getMetadata().getNamespace();
        Set<String> gone = ProxyReports.podsWithoutEndpoint(observed).stream()
                .filter(pod -> isGone(
                        client.pods().inNamespace(namespace).withName(pod).get()))
                .collect(Collectors.toSet());
        if (gone.isEmpty()) {
            return;
        }
        LOG.info("Removing the reports of proxies that are gone: {}", gone);
        client.configMaps()
                .inNamespace(namespace)
                .withName(Names.report(route.getMetadata().getName()))
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(Names.FIELD_MANAGER)
                                .build(),
                        gone.stream()
                                .sorted()
                                .map(pod -> "\"" + pod + "\":null")
                                .collect(Collectors.joining(",", "{\"data\":{", "}}")));
    }

    private static boolean isGone(@Nullable Pod pod) {
        return pod == null
                || (pod.getStatus() != null
                        && ENDED.contains(
                                Objects.requireNonNullElse(pod.getStatus().getPhase(), "")));
    }
}
