// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.status.RolloutProgress.Pending;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Follows a roll-out from the change to its completion. */
class RolloutProgressTest {

    @Test
    void itIsPendingWithoutADeployment() {
        assertThat(RolloutProgress.pending(null, 2, List::of))
                .hasValue(new Pending("RollingOut", "The Deployment of the proxies does not exist yet.", ""));
        assertThat(RolloutProgress.pending(new DeploymentBuilder().build(), 2, List::of))
                .isPresent();
    }

    @Test
    void aStatusOfAnEarlierGenerationIsIgnored() {
        assertThat(pending(status -> status.withObservedGeneration(1L))).contains("has not observed the latest change");
    }

    @Test
    void everyReplicaMustBeOfTheNewRevision() {
        assertThat(pending(status -> status.withUpdatedReplicas(1)))
                .isEqualTo("1 of 2 proxies run the current revision.");
    }

    @Test
    void noReplicaOfAnEarlierRevisionMayRemain() {
        assertThat(pending(status -> status.withReplicas(3)))
                .isEqualTo("1 proxies of an earlier revision have not ended yet.");
    }

    @Test
    void everyReplicaMustBeAvailable() {
        assertThat(pending(status -> status.withAvailableReplicas(1))).isEqualTo("1 of 2 proxies are available.");
    }

    @Test
    void absentNumbersAreZeroAndNotEqualToEachOther() {
        Deployment silent = new DeploymentBuilder()
                .withNewMetadata()
                .withGeneration(2L)
                .endMetadata()
                .withNewStatus()
                .withObservedGeneration(2L)
                .endStatus()
                .build();

        assertThat(RolloutProgress.pending(silent, 2, List::of)).isPresent();
    }

    @Test
    void aRollOutWithoutProgressIsReported() {
        Deployment stuck = deployment(status -> status.withUpdatedReplicas(1)
                .addNewCondition()
                .withType("Progressing")
                .withStatus("False")
                .withReason("ProgressDeadlineExceeded")
                .endCondition());

        assertThat(RolloutProgress.pending(stuck, 2, List::of))
                .map(Pending::reason)
                .hasValue("ProgressDeadlineExceeded");
    }

    @Test
    void itIsCompleteInTheEnd() {
        assertThat(RolloutProgress.pending(deployment(status -> status), 2, List::of))
                .isEmpty();
    }

    private static String pending(UnaryOperator<DeploymentStatusBuilder> change) {
        return RolloutProgress.pending(deployment(change), 2, List::of)
                .map(Pending::sentence)
                .orElse("done");
    }

    private static Deployment deployment(UnaryOperator<DeploymentStatusBuilder> change) {
        DeploymentStatusBuilder status = new DeploymentStatusBuilder()
                .withObservedGeneration(2L)
                .withReplicas(2)
                .withUpdatedReplicas(2)
                .withReadyReplicas(2)
                .withAvailableReplicas(2);
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withGeneration(2L)
                .endMetadata()
                .withStatus(change.apply(status).build())
                .build();
    }
}
