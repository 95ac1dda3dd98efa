// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Helm's own code installs, tests, upgrades and uninstalls the chart, as docs/operations.md says. */
class ChartInstallIT {

    private static final String RELEASE = "wsroute";
    private static final String SYSTEM = "wsroute-system";
    private static final int PATIENCE_SECONDS = 120;

    private final Path chart = Repository.locate().get("deploy/helm/wsroute");
    private SuiteCluster cluster;
    private Space space;

    @BeforeEach
    void emptyCluster() {
        assumeTrue(
                System.getProperty("wsroute.kubeconfig", "").isEmpty(),
                "other tests need the operator of this cluster");
        cluster = SuiteCluster.empty();
        space = Space.create(cluster, "apps");
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            if (space != null) {
                space.close();
            }
            cluster.close();
        }
    }

    @Test
    void aReleaseIsInstalledTestedUpgradedAndUninstalledUnderOpenConnections() {
        new Helm(chart)
                .install()
                .withName(RELEASE)
                .withNamespace(SYSTEM)
                .withKubeConfig(cluster.kubeconfig())
                .createNamespace()
                .set("namespaces[0]", "apps")
                .set("image.tag", "dev")
                .set("proxy.image.tag", "dev")
                .set("limits.serviceTypes", "LoadBalancer")
                .waitReady()
                .withTimeout(PATIENCE_SECONDS)
                .call();

        helmTest();

        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 20);

        new Helm(chart)
                .upgrade()
                .withName(RELEASE)
                .withNamespace(SYSTEM)
                .withKubeConfig(cluster.kubeconfig())
                .reuseValues()
                .set("logLevel", "DEBUG")
                .waitReady()
                .withTimeout(PATIENCE_SECONDS)
                .call();

        assertThat(cluster.operatorPods())
                .anySatisfy(
                        pod -> assertThat(pod.getSpec().getContainers().get(0).getEnv())
                                .anyMatch(variable -> "DEBUG".equals(variable.getValue())));
        route.apply(Spec.to("chat").rule("timeouts: {idle: 17m}"));
        route.awaitReady();
        Closes.assertNone(fleet.members());

        cluster.client()
                .rbac()
                .roleBindings()
                .inNamespace(space.namespace())
                .withName("wsroute-operator")
                .delete();
        assertThatThrownBy(this::helmTest).as("without its rights").hasMessageContaining("wsroute-check");

        Helm.uninstall(RELEASE)
                .withNamespace(SYSTEM)
                .withKubeConfig(cluster.kubeconfig())
                .call();

        Awaitility.await("the end of the operator")
                .until(() -> cluster.operatorPods().isEmpty());
        assertThat(cluster.client()
                        .resources(CustomResourceDefinition.class)
                        .withName("websocketroutes.wsroute.dev")
                        .get())
                .as("the definition, which the chart keeps")
                .isNotNull();
        Closes.assertNone(fleet.members());
        fleet.grow(1);
    }

    /** Runs the chart's test pod: the operator with {@code --check}. */
    private void helmTest() {
        Helm.test(RELEASE)
                .withNamespace(SYSTEM)
                .withKubeConfig(cluster.kubeconfig())
                .withTimeout(PATIENCE_SECONDS)
                .call();
    }
}
