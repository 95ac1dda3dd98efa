// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.testkit.ChatService;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A route with one rule and one backend, and the observed objects around it. */
final class Fixtures {

    static final Service CHAT = ChatService.create();

    private @Nullable Deployment deployment;
    private @Nullable Service service;
    private final Map<String, String> reports = new HashMap<>();
    private List<EndpointSlice> proxies = List.of();
    private List<Endpoint> backends = List.of();
    private List<Pod> pods = List.of();

    static WebSocketRoute route() {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat, namespace: apps, generation: 3, uid: u}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                """, WebSocketRoute.class);
    }

    static Compiled compiled() {
        return (Compiled) RouteCompiler.compile(route(), name -> Optional.of(CHAT), OwnNamespace.ONLY, Map.of());
    }

    static Compiled compiledWithoutService() {
        return (Compiled) RouteCompiler.compile(route(), name -> Optional.empty(), OwnNamespace.ONLY, Map.of());
    }

    static String hash() {
        return compiled().version().hash();
    }

    static Endpoint endpoint(String pod, boolean ready) {
        return endpoint(pod, ready, false);
    }

    static Endpoint endpoint(String pod, boolean ready, boolean terminating) {
        return new EndpointBuilder()
                .withAddresses("10.0.0." + Math.abs(pod.hashCode() % 250))
                .withNewConditions()
                .withReady(ready)
                .withTerminating(terminating)
                .endConditions()
                .withNewTargetRef()
                .withKind("Pod")
                .withName(pod)
                .withUid("uid-" + pod)
                .endTargetRef()
                .build();
    }

    static EndpointSlice slice(String port, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName("slice")
                .withNamespace("apps")
                .endMetadata()
                .addNewPort()
                .withName(port)
                .withPort(8080)
                .endPort()
                .withEndpoints(endpoints)
                .build();
    }

    Fixtures deployment(int replicas, int updated, int ready) {
        deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withGeneration(1L)
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(1L)
                .withReplicas(replicas)
                .withUpdatedReplicas(updated)
                .withReadyReplicas(ready)
                .withAvailableReplicas(ready)
                .endStatus()
                .build();
        return this;
    }

    Fixtures proxies(Endpoint... endpoints) {
        return proxies(slice("ws", endpoints));
    }

    Fixtures proxies(EndpointSlice... slices) {
        proxies = List.of(slices);
        return this;
    }

    Fixtures backends(Endpoint... endpoints) {
        backends = List.of(endpoints);
        return this;
    }

    /** Whole or trimmed pods. */
    Fixtures pods(Pod... observed) {
        pods = List.of(observed);
        return this;
    }

    Fixtures deploymentCondition(String type, String status, String reason, String message) {
        deployment = new DeploymentBuilder(deployment)
                .editStatus()
                .addNewCondition()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
        return this;
    }

    Fixtures report(String pod, String json) {
        reports.put(pod, json);
        return this;
    }

    Fixtures applied(String pod, String hash) {
        return report(pod, "{\"applied\":{\"generation\":3,\"hash\":\"" + hash + "\"},\"connections\":4}");
    }

    Fixtures service(Service of) {
        service = of;
        return this;
    }

    /** Two ready proxies that run the current revision and configuration, and one backend. */
    static Fixtures healthy() {
        return new Fixtures()
                .deployment(2, 2, 2)
                .proxies(endpoint("p1", true), endpoint("p2", true))
                .applied("p1", hash())
                .applied("p2", hash())
                .backends(endpoint("b1", true));
    }

    Observation observed() {
        ConfigMap report = new ConfigMapBuilder().withData(reports).build();
        return new Observation(
                deployment,
                service,
                report,
                proxies,
                () -> pods,
                name -> List.of(slice("ws", backends.toArray(Endpoint[]::new))));
    }
}
