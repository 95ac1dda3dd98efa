// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.RouteProgress;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A WebSocketRoute under test, with verbs. */
final class Route {

    private final Space space;
    private final String name;

    Route(Space space, String name) {
        this.space = space;
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Name of all objects of its proxy. */
    String proxyName() {
        return name + "-proxy";
    }

    /** Applies the spec as a user's tool does, by server-side apply. Fields that only the earlier spec had are removed. */
    void apply(Spec spec) {
        new Manifests(space.client())
                .apply(Serialization.unmarshal(manifest(spec).toString(), GenericKubernetesResource.class));
    }

    /** The manifest in a user's file. */
    ObjectNode manifest(Spec spec) {
        ObjectNode route = JsonNodeFactory.instance.objectNode();
        route.put("apiVersion", "wsroute.dev/v1alpha1").put("kind", "WebSocketRoute");
        route.putObject("metadata").put("name", name).put("namespace", space.namespace());
        route.set("spec", spec.json());
        return route;
    }

    WebSocketRoute get() {
        return resource().require();
    }

    boolean exists() {
        return resource().get() != null;
    }

    void delete() {
        resource().delete();
    }

    /** Waits until the newest generation is Ready. */
    Route awaitReady() {
        return await("Ready", RouteProgress::isReady);
    }

    Route await(String what, Predicate<WebSocketRoute> test) {
        Awaitility.await(what).pollInterval(Duration.ofMillis(50)).until(this::get, test::test);
        return this;
    }

    /** Waits until a condition of the newest generation has a status. */
    Condition awaitCondition(String type, String status) {
        return Awaitility.await(type + "=" + status)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> currentCondition(type).filter(condition -> status.equals(condition.getStatus())),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** A condition, if the status belongs to the newest generation. */
    Optional<Condition> currentCondition(String type) {
        WebSocketRoute route = get();
        return RouteProgress.condition(route, type)
                .filter(condition -> route.getMetadata().getGeneration().equals(condition.getObservedGeneration()));
    }

    /** Whether a condition of {@code route} has this status and reason. */
    static boolean hasReason(WebSocketRoute route, String type, String status, String reason) {
        return RouteProgress.condition(route, type)
                .filter(condition -> condition.getStatus().equals(status)
                        && condition.getReason().equals(reason))
                .isPresent();
    }

    /** The address for clients outside the cluster. Returns once it is reachable. */
    URI uri() {
        try {
            return space.addresses().await(space.namespace(), name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name + " was asked", e);
        }
    }

    /** The first listener of one proxy, bypassing the Service. */
    static URI uriOf(Pod proxy) {
        return uriOf(proxy, 8080);
    }

    /** A listener of one proxy, bypassing the Service. */
    static URI uriOf(Pod proxy, int port) {
        return URI.create("ws://" + proxy.getStatus().getPodIP() + ":" + port + "/");
    }

    /** The restart count of each proxy's container, by the pod's UID. */
    Map<String, List<Integer>> restarts() {
        return allProxies().stream()
                .collect(Collectors.toMap(
                        pod -> pod.getMetadata().getUid(),
                        pod -> pod.getStatus().getContainerStatuses().stream()
                                .map(ContainerStatus::getRestartCount)
                                .toList()));
    }

    /** Its proxy pods that are not being deleted. */
    List<Pod> proxies() {
        return allProxies().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The names of its proxy pods that are not being deleted. */
    List<String> proxyNames() {
        return proxies().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    private List<Pod> allProxies() {
        return space.client()
                .pods()
                .inNamespace(space.namespace())
                .withLabel("wsroute.dev/route", name)
                .list()
                .getItems();
    }

    private Resource<WebSocketRoute> resource() {
        return space.client()
                .resources(WebSocketRoute.class)
                .inNamespace(space.namespace())
                .withName(name);
    }
}
