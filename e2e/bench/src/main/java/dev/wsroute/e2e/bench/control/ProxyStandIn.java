// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the Deployment controller and thousands of proxies would write: that each Deployment is rolled out, and that
 * the only proxy of each route runs the current configuration.
 */
final class ProxyStandIn implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyStandIn.class);
    private static final int WRITERS = 4;
    private static final String CONFIG_SUFFIX = "-proxy-config";
    private static final String REPORT_SUFFIX = "-proxy-report";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("wsroute-proxy")
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

    ProxyStandIn(KubernetesClient client) {
        this.client = client;
    }

    /** Handles all routes, present and future. */
    void start() {
        informers.add(client.apps()
                .deployments()
                .inAnyNamespace()
                .withLabel(MANAGED_BY)
                .inform(on(this::rollOut)));
        informers.add(client.configMaps().inAnyNamespace().withLabel(MANAGED_BY).inform(on(this::report)));
    }

    private <R extends HasMetadata> ResourceEventHandler<R> on(Consumer<R> action) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(R object) {
                act(object);
            }

            @Override
            public void onUpdate(R before, R object) {
                // The routes are created once and never edited.
            }

            @Override
            public void onDelete(R object, boolean unknown) {
                // They are never deleted.
            }

            private void act(R object) {
                writers.execute(() -> {
                    try {
                        action.accept(object);
                    } catch (RuntimeException e) {
                        LOG.warn(
                                "{} is not answered for: {}",
                                object.getMetadata().getName(),
                                e.getMessage());
                    }
                });
            }
        };
    }

    private void rollOut(Deployment deployment) {
        int replicas = deployment.getSpec().getReplicas();
        client.apps()
                .deployments()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName())
                .subresource("status")
                .patch(
                        MERGE,
                        Serialization.asJson(Map.of(
                                "status",
                                Map.of(
                                        "observedGeneration",
                                        deployment.getMetadata().getGeneration(),
                                        "replicas",
                                        replicas,
                                        "updatedReplicas",
                                        replicas,
                                        "readyReplicas",
                                        replicas,
                                        "availableReplicas",
                                        replicas))));
    }

    /** The operator makes both objects of a route in any order. Their suffixes have the same length. */
    private void report(ConfigMap made) {
        String name = made.getMetadata().getName();
        if (!name.endsWith(CONFIG_SUFFIX) && !name.endsWith(REPORT_SUFFIX)) {
            return;
        }
        String namespace = made.getMetadata().getNamespace();
        String route = name.substring(0, name.length() - CONFIG_SUFFIX.length());
        ConfigMap config = configMap(namespace, route + CONFIG_SUFFIX).get();
        Resource<ConfigMap> report = configMap(namespace, route + REPORT_SUFFIX);
        if (config == null || report.get() == null) {
            return;
        }
        report.patch(
                APPLY,
                Serialization.asJson(Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        Map.of("name", route + REPORT_SUFFIX, "namespace", namespace),
                        "data",
                        Map.of(
                                RouteStock.proxyPod(route),
                                Serialization.asJson(Map.of("applied", version(config), "connections", 0))))));
    }

    private Resource<ConfigMap> configMap(String namespace, String name) {
        return client.configMaps().inNamespace(namespace).withName(name);
    }

    private static JsonNode version(ConfigMap config) {
        try {
            return new ObjectMapper()
                    .readTree(config.getData().values().iterator().next())
                    .path("version");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the configuration is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::close);
        writers.shutdownNow();
    }
}
