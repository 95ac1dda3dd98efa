// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Backends in two zones behind one Service, and proxies in one of them. Skipped where pods cannot choose their zones. */
@Scenario
class ZonesIT {

    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String IN_ZONE = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              replicas: %3$d
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s, group: chat, topology.kubernetes.io/zone: %1$s}}
                spec:
                  terminationGracePeriodSeconds: 5
                  containers:
                  - name: echo
                    image: wsroute/echo:dev
                    env:
                    - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    ports: [{name: ws, containerPort: 8010}]
                    readinessProbe: {tcpSocket: {port: ws}, periodSeconds: 1}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: chat, namespace: %s}
            spec:
              selector: {group: chat}
              ports: [{name: ws, port: 80, targetPort: ws}]
            """;

    @Test
    @DisplayName(
            "Proxies of one zone keep what its 3 of 4 pods can take, and then all once these are 4 of 5; no client is cut")
    void aZoneKeepsWhatItsPodsCanTake(Space space) throws IOException {
        EchoBackend here = pods(space, "here", 3);
        EchoBackend there = pods(space, "there", 1);
        apply(space, SERVICE.formatted(space.namespace()));
        here.awaitReady(3);
        there.awaitReady(1);
        Set<String> zones = zones(space, 4);
        // The embedded cluster takes the zone of a pod from its label.
        assumeTrue(
                System.getProperty("wsroute.kubeconfig", "").isEmpty() || zones.size() == 2, "pods have no zones here");
        assertThat(zones).isEqualTo(Set.of("here", "there"));
        Route route = space.apply(
                        "chat",
                        Spec.to("chat")
                                .rule("loadBalancing: {slowStart: 0s, topology: PreferSameZone}")
                                .replicas(2)
                                .proxy("podLabels: {" + ZONE + ": here}"))
                .awaitReady();

        Fleet first = space.fleet(route.uri(), 80);
        // Two proxies, each with a sequence of its own.
        assertThat(in("here", first)).isBetween(55L, 65L);

        here.scale(4).awaitReady(4);
        assertThat(zones(space, 5)).isEqualTo(Set.of("here", "there"));
        Awaitility.await("all to stay in the zone")
                .untilAsserted(() ->
                        assertThat(in("here", space.fleet(route.uri(), 10))).isEqualTo(10));
        assertThat(first.reconnect()).isEmpty();
    }

    private static long in(String zone, Fleet fleet) {
        return Fleet.byBackend(fleet.members()).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(zone + "-"))
                .mapToLong(entry -> entry.getValue())
                .sum();
    }

    private static EchoBackend pods(Space space, String zone, int replicas) throws IOException {
        apply(space, IN_ZONE.formatted(zone, space.namespace(), replicas));
        return new EchoBackend(space, zone);
    }

    private static void apply(Space space, String manifest) throws IOException {
        Manifests manifests = new Manifests(space.client());
        Manifests.parse(manifest).forEach(manifests::apply);
    }

    /** The zones of the Service's endpoints, once there are that many. */
    private static Set<String> zones(Space space, int endpoints) {
        return Awaitility.await(endpoints + " endpoints")
                .until(
                        () -> space
                                .client()
                                .discovery()
                                .v1()
                                .endpointSlices()
                                .inNamespace(space.namespace())
                                .withLabel("kubernetes.io/service-name", "chat")
                                .list()
                                .getItems()
                                .stream()
                                .flatMap(slice -> slice.getEndpoints().stream())
                                .toList(),
                        found -> found.size() == endpoints)
                .stream()
                .map(Endpoint::getZone)
                .map(String::valueOf)
                .collect(Collectors.toSet());
    }
}
