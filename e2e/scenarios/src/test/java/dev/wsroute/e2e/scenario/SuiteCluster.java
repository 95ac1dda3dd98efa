// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.access.AccessRecord;
import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import dev.wsroute.e2e.dev.ClusterOptions;
import dev.wsroute.e2e.dev.DevCluster;
import dev.wsroute.e2e.dev.Installation;
import dev.wsroute.e2e.dev.Manifests;
import dev.wsroute.e2e.dev.Repository;
import dev.wsroute.e2e.dev.RouteAddresses;
import dev.wsroute.e2e.written.WrittenObjects;
import dev.wsroute.testkit.Written;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/**
 * The cluster of {@code -Dwsroute.kubeconfig=FILE}, or a new one in this process. The operator is installed from
 * deploy/install.yaml.
 */
final class SuiteCluster implements AutoCloseable {

    private static final String SYSTEM = "wsroute-system";
    private static final String OPERATOR = "wsroute-operator";
    private static final String ALLOWED_HOSTS = "WSROUTE_JWKS_ALLOWED_HOSTS";

    /** Most tests are about what happens once a route may do something. RouteLimitsIT is about what it may do. */
    private static final Map<String, String> EVERYTHING = Map.ofEntries(
            Map.entry("images", "*"),
            Map.entry("serviceTypes", "*"),
            Map.entry("serviceAnnotations", "*"),
            Map.entry("podLabels", "*"),
            Map.entry("podAnnotations", "*"),
            Map.entry("priorityClasses", "*"),
            Map.entry("tolerations", "*"),
            Map.entry("nodeLabels", "*"),
            Map.entry("podAffinity", "Unrestricted"),
            Map.entry("maxReplicas", "1000"),
            Map.entry("maxResources", "cpu=* memory=* ephemeral-storage=*"),
            Map.entry("maxDrain", "168h"));

    private final DevCluster cluster;
    private final Manifests manifests;

    private SuiteCluster(DevCluster cluster, Manifests manifests) {
        this.cluster = cluster;
        this.manifests = manifests;
    }

    static SuiteCluster open() {
        SuiteCluster suite = empty();
        try {
            suite.install();
        } catch (RuntimeException e) {
            suite.close();
            throw e;
        }
        return suite;
    }

    /** One without the operator. */
    static SuiteCluster empty() {
        DevCluster cluster = DevCluster.open(Repository.locate(), ClusterOptions.ofSystemProperties());
        return new SuiteCluster(cluster, new Manifests(cluster.client()));
    }

    /** Applies deploy/install.yaml and waits until the operator is available. */
    void install() {
        install(EVERYTHING);
    }

    /** As {@link #install()}, with other limits of routes. */
    void install(Map<String, String> limits) {
        try {
            new Installation(cluster.client(), manifests).install(Repository.locate(), limits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Installs ReferenceGrant of Gateway API, unless the cluster has it. {@link #uninstall} removes it again. */
    void installGrants() {
        try {
            for (GenericKubernetesResource definition : Manifests.read(Grant.DEFINITION)) {
                if (client().resource(definition).get() == null) {
                    manifests.apply(definition);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("ReferenceGrants")
                .until(() -> client().getApiResources("gateway.networking.k8s.io/v1") != null);
    }

    /** Removes ReferenceGrant, and so all grants. */
    void uninstallGrants() {
        client().resources(CustomResourceDefinition.class)
                .withName("referencegrants.gateway.networking.k8s.io")
                .delete();
        Awaitility.await("no ReferenceGrants")
                .until(() -> client().getApiResources("gateway.networking.k8s.io/v1") == null);
    }

    /** Deletes what {@link #install} created and still exists. */
    void uninstall() {
        manifests.deleteCreated();
    }

    KubernetesClient client() {
        return cluster.client();
    }

    RouteAddresses addresses() {
        return cluster.addresses();
    }

    Path kubeconfig() {
        return cluster.kubeconfig();
    }

    /** The API server, for a test that stops it. Skips the test if the server does not run in this process. */
    EmbeddedApi embeddedApi() {
        return cluster.embeddedApi()
                .orElseThrow(() -> new TestAbortedException("this API server is not ours to cut off: skipped"));
    }

    /** Writes what the operator's namespace has, and what operator and proxies have asked for so far if the API server runs here. */
    void record(Class<?> test) {
        WrittenObjects.add(client(), SYSTEM);
        cluster.embeddedApi().ifPresent(api -> AccessRecord.write(test, api.authorizer()));
    }

    /**
     * Lets the operator fetch key sets from this host of the test's, as an administrator does who uses kustomize. Skips the test if
     * the operator does not run on this machine.
     */
    void allowKeySetsOf(String host) {
        if (cluster.embeddedApi().isEmpty()) {
            throw new TestAbortedException("the operator of this cluster cannot reach this machine: skipped");
        }
        stopOperator();
        client().apps()
                .deployments()
                .inNamespace(SYSTEM)
                .withName(OPERATOR)
                .edit(deployment -> new DeploymentBuilder(deployment)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .editFirstContainer()
                        .removeMatchingFromEnv(variable -> variable.getName().equals(ALLOWED_HOSTS))
                        .addNewEnv()
                        .withName(ALLOWED_HOSTS)
                        .withValue(host)
                        .endEnv()
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        startOperator();
    }

    /** Scales the operator to zero, and waits until its pods have ended. */
    void stopOperator() {
        scaleOperator(0);
    }

    /** Starts the operator again, and returns once it is available. */
    void startOperator() {
        scaleOperator(1);
    }

    private void scaleOperator(int replicas) {
        var deployment = client().apps().deployments().inNamespace(SYSTEM).withName(OPERATOR);
        deployment.scale(replicas);
        Awaitility.await("operator with " + replicas + " pods")
                .until(() -> operatorPods().size() == replicas
                        && Objects.requireNonNullElse(
                                        deployment.require().getStatus().getAvailableReplicas(), 0)
                                == replicas);
    }

    /** The pods that run the operator. */
    List<Pod> operatorPods() {
        return client().pods()
                .inNamespace(SYSTEM)
                .withLabel("app.kubernetes.io/name", OPERATOR)
                .list()
                .getItems();
    }

    @Override
    public void close() {
        cluster.remove(manifests);
        cluster.close();
        cluster.logs().filter(Files::exists).ifPresent(logs -> Written.copy("pods", logs));
    }
}
