// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.operator.status.Observation;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A route with autoscaling, and the reports of its proxies: 1 to 9 proxies, 100 connections for each. */
final class ScaledRoute {

    private WebSocketRoute resource = route("}");
    private final Map<String, Long> connections = new TreeMap<>();
    private final Map<String, Long> cpu = new TreeMap<>();
    private final Set<String> ending = new TreeSet<>();
    private int sequence;

    private static WebSocketRoute route(String more) {
        return Serialization.unmarshal("""
            apiVersion: wsroute.dev/v1alpha1
            kind: WebSocketRoute
            metadata: {name: chat, namespace: apps, generation: 3, uid: u}
            spec:
              rules:
              - name: main
                backendRefs:
                - service: {name: chat, port: ws}
              proxy:
                autoscaling: {minReplicas: 1, maxReplicas: 9, connectionsPerProxy: 100, scaleDown: {after: 1m}%s
            """.formatted(more), WebSocketRoute.class);
    }

    /** Adds a target for CPU, in percent of {@code request}. */
    void targetCpu(int percent, String request) {
        resource = route(", cpuUtilization: " + percent + "}\n    resources: {requests: {cpu: " + request + "}}");
    }

    WebSocketRoute resource() {
        return resource;
    }

    /** The connections that proxies report from now on, by the names of the pods. */
    void report(Map<String, Long> connections) {
        this.connections.putAll(connections);
    }

    /** The CPU that proxies report from now on, in thousandths of a core. */
    void reportCpu(Map<String, Long> cpu) {
        this.cpu.putAll(cpu);
    }

    /** A proxy is shutting down from now on. */
    void ends(String pod) {
        ending.add(pod);
    }

    /** A proxy and its report are gone. */
    void ended(String pod) {
        connections.remove(pod);
    }

    /** Each proxy reports once more. */
    void nextReports() {
        sequence++;
    }

    /** What the operator sees of it. */
    Observation observed(@Nullable Deployment deployment) {
        Map<String, String> reports = new HashMap<>();
        connections.forEach((pod, count) -> reports.put(
                pod,
                "{\"connections\":" + count + ",\"load\":{\"sequence\":" + sequence
                        + (cpu.containsKey(pod) ? ",\"cpu\":" + cpu.get(pod) : "") + "}}"));
        return new Observation(
                deployment,
                null,
                new ConfigMapBuilder().withData(reports).build(),
                List.of(slice()),
                List::of,
                service -> List.of());
    }

    private EndpointSlice slice() {
        EndpointSliceBuilder slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("slice")
                .withNamespace("apps")
                .endMetadata()
                .addNewPort()
                .withName("ws")
                .withPort(8080)
                .endPort();
        connections
                .keySet()
                .forEach(pod -> slice.addNewEndpoint()
                        .withAddresses("10.0.0.1")
                        .withNewConditions()
                        .withReady(!ending.contains(pod))
                        .withTerminating(ending.contains(pod))
                        .endConditions()
                        .withNewTargetRef()
                        .withKind("Pod")
                        .withName(pod)
                        .endTargetRef()
                        .endEndpoint());
        return slice.build();
    }

    /** One whose roll-out is complete. */
    static Deployment deployment(int replicas) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withGeneration(1L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(replicas)
                .withUpdatedReplicas(replicas)
                .withReadyReplicas(replicas)
                .withAvailableReplicas(replicas)
                .endStatus()
                .build();
    }

    /** Sets the number of proxies that the status has. */
    void status(int desired) {
        resource.setStatus(new WebSocketRouteStatus(
                3L,
                List.of(),
                new WebSocketRouteStatus.Proxies(desired, desired, desired, ""),
                desired,
                "",
                0,
                List.of(),
                List.of()));
    }
}
