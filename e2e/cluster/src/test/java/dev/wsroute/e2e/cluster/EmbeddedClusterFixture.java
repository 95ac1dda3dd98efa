// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static dev.wsroute.e2e.cluster.TestManifests.NAMESPACE;
import static dev.wsroute.e2e.cluster.TestManifests.service;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster for all tests of a class. */
@Timeout(90)
abstract class EmbeddedClusterFixture {

    static final String RUNNING = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

    static EmbeddedCluster cluster;
    static KubernetesClient client;

    @BeforeAll
    static void startCluster(@TempDir Path directory) {
        cluster = EmbeddedCluster.builder().directory(directory).start();
        client = cluster.newClient();
    }

    @AfterAll
    static void stopCluster() {
        client.close();
        cluster.close();
    }

    static List<Endpoint> endpointsOf(String service) {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(NAMESPACE)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .toList();
    }

    static long ready(List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.getConditions().getReady())
                .count();
    }
}
