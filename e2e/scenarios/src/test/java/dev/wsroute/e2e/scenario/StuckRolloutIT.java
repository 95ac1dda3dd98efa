// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proxies that cannot start: {@code kubectl describe wsr} gives the reason until it is fixed. */
@Scenario
class StuckRolloutIT {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image: 'wsroute/nope:1'                     | ImagePullBackOff | image wsroute/nope:1 of pod chat-proxy-",
                "resources: {requests: {cpu: '1000'}}        | Unschedulable    | 1 Insufficient cpu",
                "nodeSelector: {example.com/none: here}      | Unschedulable    | match Pod's node affinity/selector",
                "priorityClassName: nowhere                  | FailedCreate     | no PriorityClass with name nowhere was found",
            })
    void aStuckFirstRolloutIsExplainedAndCompletesWhenItIsFixed(
            String proxy, String reason, String sentence, Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").proxy("{" + proxy.strip() + "}"));

        awaitDescribed(cluster, space, reason, sentence);
        assertThat(route.awaitCondition("Programmed", "False").getMessage()).contains(sentence.strip());
        assertThat(events(space, reason)).isOne();

        route.apply(Spec.to("chat"));
        route.awaitReady();
        assertThat(new Kubectl(cluster, space).run("get", "wsr", "chat", "-o", "jsonpath={.status.conditions}"))
                .doesNotContain(sentence.strip());
    }

    @Test
    void aQuotaThatIsUsedUpIsNamed(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        space.client()
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName("full")
                        .endMetadata()
                        .withNewSpec()
                        .addToHard("pods", new Quantity("1"))
                        .endSpec()
                        .build())
                .create();

        Route route = space.apply("chat", Spec.to("chat"));

        awaitDescribed(
                cluster,
                space,
                "FailedCreate",
                "exceeded quota: full, requested: pods=1, used: pods=1, limited: pods=1");
        space.client()
                .resourceQuotas()
                .inNamespace(space.namespace())
                .withName("full")
                .delete();
        route.awaitReady();
    }

    @Test
    void aStuckLaterRolloutIsExplainedWhileTheOldProxiesServe(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 5);

        route.apply(Spec.to("chat").proxy("{image: 'wsroute/nope:1'}"));

        awaitDescribed(
                cluster,
                space,
                "ImagePullBackOff",
                "The roll-out of the proxies is stuck: image wsroute/nope:1 of pod");
        assertThat(route.awaitCondition("Programmed", "True").getReason()).isEqualTo("Programmed");
        fleet.grow(2);
        Closes.assertNone(fleet.members());
    }

    private static void awaitDescribed(SuiteCluster cluster, Space space, String reason, String sentence) {
        Kubectl kubectl = new Kubectl(cluster, space);
        await("kubectl describe says " + sentence.strip())
                .untilAsserted(() -> assertThat(kubectl.run("describe", "wsr", "chat"))
                        .contains(sentence.strip())
                        .containsPattern("Warning +" + reason.strip()));
    }

    /** Number of events. */
    private static int events(Space space, String reason) {
        return space.client().v1().events().inNamespace(space.namespace()).list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getKind().equals("WebSocketRoute"))
                .filter(event -> event.getReason().equals(reason.strip()))
                .mapToInt(event -> event.getCount())
                .sum();
    }
}
