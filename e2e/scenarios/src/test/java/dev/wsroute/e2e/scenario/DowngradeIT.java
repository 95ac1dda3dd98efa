// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The earlier version replaces this one, and this one replaces it again, as docs/operations.md says. */
class DowngradeIT {

    private SuiteCluster cluster;
    private Space space;
    private List<GenericKubernetesResource> earlier;

    @BeforeEach
    void thisVersion() throws IOException, InterruptedException {
        assumeTrue(
                System.getProperty("wsroute.kubeconfig", "").isEmpty(),
                "other tests need the operator of this cluster");
        earlier = EarlierVersion.installation();
        EarlierVersion.buildOperator();
        cluster = SuiteCluster.open();
        space = Space.create(cluster, "apps");
        space.backend("chat", 1);
        space.backend("canary", 1);
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
    void noConnectionIsCutAndNoProxyIsReplacedOnTheWayBackAndForth() throws IOException {
        new Manifests(cluster.client()).apply(EarlierVersion.route());
        Route chat = space.route("chat").awaitReady();
        Route moving = space.apply("moving", Spec.to("chat").rule("loadBalancing: {rebalance: {enabled: true}}"))
                .awaitReady();
        Fleet chats = space.fleet(chat.uri(), 100);
        Fleet moved = space.fleet(moving.uri(), 20);
        List<String> chatProxies = chat.proxyNames();
        List<String> movingProxies = moving.proxyNames();

        earlier.forEach(new Manifests(cluster.client())::apply);
        awaitOperator(DevImages.EARLIER_OPERATOR);
        edit(chat, "17m");

        cluster.install();
        awaitOperator(DevImages.OPERATOR);
        edit(chat, "18m");
        moving.awaitReady();

        assertThat(chat.proxyNames()).isEqualTo(chatProxies);
        assertThat(moving.proxyNames())
                .as("a route with a field of this version")
                .isEqualTo(movingProxies);
        Closes.assertNone(chats.members());
        Closes.assertNone(moved.members());
    }

    /** Changes the idle timeout, and waits until the operator that runs now has processed that. */
    private void edit(Route route, String idle) throws IOException {
        GenericKubernetesResource edited = EarlierVersion.route();
        Map<String, Object> rule = Objects.requireNonNull(edited.get("spec", "rules", 0));
        rule.put("timeouts", Map.of("idle", idle));
        new Manifests(cluster.client()).apply(edited);
        route.awaitReady();
    }

    private void awaitOperator(String image) {
        Awaitility.await("an operator of " + image + " alone").until(() -> {
            List<Pod> pods = cluster.operatorPods();
            return pods.size() == 1
                    && EchoBackend.isReady(pods.get(0))
                    && imageOf(pods.get(0)).equals(image);
        });
    }

    private static String imageOf(Pod pod) {
        return pod.getSpec().getContainers().get(0).getImage();
    }
}
