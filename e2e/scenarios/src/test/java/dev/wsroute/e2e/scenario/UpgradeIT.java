// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * This version takes over what the last one left: the definition and the objects in resources/upgrade, as that operator wrote
 * them. The proxies are this version's, with the configuration of the last one.
 */
class UpgradeIT {

    /** Another name of the same proxy, which DevImages knows. */
    private static final String NEXT_PROXY = "wsroute/proxy:next";

    private static final PatchContext AS_OPERATOR = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("wsroute-operator")
            .withForce(true)
            .build();

    private SuiteCluster cluster;
    private Space space;
    private Route route;
    private Fleet fleet;
    private List<String> pods;
    private long generation;

    @BeforeEach
    void lastVersion() throws IOException {
        assumeTrue(
                System.getProperty("wsroute.kubeconfig", "").isEmpty(),
                "other tests need the operator of this cluster");
        cluster = SuiteCluster.empty();
        cluster.client()
                .resource(EarlierVersion.objects("definition.yaml", "").get(0))
                .create();
        cluster.client()
                .resources(CustomResourceDefinition.class)
                .withName("websocketroutes.wsroute.dev")
                .waitUntilCondition(
                        crd -> crd != null
                                && crd.getStatus() != null
                                && crd.getStatus().getConditions() != null,
                        1,
                        TimeUnit.MINUTES);
        space = Space.create(cluster, "apps");
        space.backend("chat", 1);
        space.backend("canary", 1);
        new Manifests(cluster.client()).apply(EarlierVersion.route());
        route = space.route("chat");
        for (GenericKubernetesResource object :
                EarlierVersion.objects("objects.yaml", route.get().getMetadata().getUid())) {
            cluster.client().resource(object).patch(AS_OPERATOR);
        }
        cluster.client()
                .resource(EarlierVersion.objects("status.yaml", "").get(0))
                .subresource("status")
                .patch(AS_OPERATOR);
        await("two proxies").until(() -> ready() == 2);
        fleet = space.fleet(route.uri(), 100);
        pods = route.proxyNames();
        generation = deployment().getMetadata().getGeneration();
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
    void noConnectionIsCutAndNoProxyIsReplaced() throws IOException {
        Secret key = sessionKey();

        cluster.install();
        editTheRoute();
        route.awaitReady();

        assertUntouched();
        assertThat(sessionKey().getData()).isEqualTo(key.getData());
    }

    @Test
    void aRouteBeyondTheDefaultLimitsKeepsItsProxiesUntilTheyAreAllowed() throws IOException {
        cluster.install(Map.of());

        assertThat(route.await("NotAllowed", found -> Route.hasReason(found, "Accepted", "False", "NotAllowed"))
                        .awaitCondition("Accepted", "False")
                        .getMessage())
                .contains(
                        "spec.proxy.service.type must not be LoadBalancer",
                        "spec.proxy.service.annotations must not have example.com/note",
                        "spec.proxy.podLabels must not have team=chat",
                        "spec.proxy.resources must not lack limits.memory");
        assertUntouched();

        cluster.install();
        editTheRoute();
        route.awaitReady();

        assertUntouched();
    }

    @Test
    void aNewImageReplacesOneProxyAfterTheOtherAndEachDrains() throws IOException {
        cluster.install();
        editTheRoute();
        route.awaitReady();

        cluster.client()
                .apps()
                .deployments()
                .inNamespace("wsroute-system")
                .withName("wsroute-operator")
                .edit(operator -> {
                    operator.getSpec().getTemplate().getSpec().getContainers().get(0).getEnv().stream()
                            .filter(variable -> variable.getName().equals("WSROUTE_PROXY_IMAGE"))
                            .forEach(variable -> variable.setValue(NEXT_PROXY));
                    return operator;
                });

        await("two proxies of the new image")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    assertThat(ready()).as("ready proxies").isGreaterThanOrEqualTo(2);
                    assertThat(route.proxies()).as("proxies that do not end").hasSizeLessThanOrEqualTo(3);
                    return route.proxies().size() == 2
                            && route.proxies().stream().allMatch(UpgradeIT::isNext)
                            && ready() == 2;
                });
        Closes.assertCode(Closes.await(fleet.members()), 1001);
        route.awaitReady();
    }

    private void assertUntouched() {
        assertThat(route.proxyNames()).isEqualTo(pods);
        assertThat(deployment().getMetadata().getGeneration()).isEqualTo(generation);
        Closes.assertNone(fleet.members());
    }

    /** An edit that only an operator can answer: the status of the last one describes the generation before. */
    private void editTheRoute() throws IOException {
        GenericKubernetesResource edited = EarlierVersion.route();
        Map<String, Object> rule = Objects.requireNonNull(edited.get("spec", "rules", 0));
        rule.put("timeouts", Map.of("idle", "17m"));
        new Manifests(cluster.client()).apply(edited);
    }

    private static boolean isNext(Pod pod) {
        return pod.getSpec().getContainers().get(0).getImage().equals(NEXT_PROXY);
    }

    private long ready() {
        return route.proxies().stream().filter(EchoBackend::isReady).count();
    }

    private Deployment deployment() {
        return cluster.client()
                .apps()
                .deployments()
                .inNamespace("apps")
                .withName("chat-proxy")
                .require();
    }

    private Secret sessionKey() {
        return cluster.client()
                .secrets()
                .inNamespace("apps")
                .withName("chat-proxy-session-key")
                .require();
    }
}
