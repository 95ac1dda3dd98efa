// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentRolloutTest {

    @ParameterizedTest
    @CsvSource({"10,25%,25%,3,2", "3,1,0,1,0", "1,25%,25%,1,0", "4,0,50%,0,2", "2,0,0,0,1", "2,0%,10%,0,1", "2,1,5,1,2"
    })
    void surgeIsRoundedUpAndUnavailabilityDownAndNeverAreBothZero(
            int replicas, String surge, String unavailable, int wantedSurge, int wantedUnavailable) {
        Deployment deployment = new DeploymentBuilder()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewStrategy()
                .withNewRollingUpdate()
                .withMaxSurge(fence(surge))
                .withMaxUnavailable(fence(unavailable))
                .endRollingUpdate()
                .endStrategy()
                .endSpec()
                .build();

        assertThat(DeploymentRollout.of(deployment))
                .isEqualTo(new DeploymentRollout(replicas, wantedSurge, wantedUnavailable));
    }

    private static IntOrString fence(String value) {
        return value.endsWith("%") ? new IntOrString(value) : new IntOrString(Integer.parseInt(value));
    }

    @Test
    void newPodsComeBeforeOldOnesGoWhenNoneMayBeMissing() {
        DeploymentRollout rollout = new DeploymentRollout(3, 1, 0);
        ReplicaSet old = set("old", 3, 3);

        assertThat(rollout.newReplicas(set("new", 0, 0), List.of(old))).isEqualTo(1);
        assertThat(rollout.oldReplicas(set("new", 1, 0), List.of(old))).isEmpty();
        assertThat(rollout.oldReplicas(set("new", 1, 1), List.of(old))).containsEntry(old, 2);
    }

    @Test
    void oldPodsGoFirstWhenThereMayBeNoMore() {
        DeploymentRollout rollout = new DeploymentRollout(4, 0, 2);
        ReplicaSet old = set("old", 4, 4);

        assertThat(rollout.newReplicas(set("new", 0, 0), List.of(old))).isZero();
        assertThat(rollout.oldReplicas(set("new", 0, 0), List.of(old))).containsEntry(old, 2);
    }

    @Test
    void brokenOldPodsGoWhateverTheOthersDo() {
        DeploymentRollout rollout = new DeploymentRollout(3, 1, 0);
        ReplicaSet broken = set("old", 3, 1);

        assertThat(rollout.oldReplicas(set("new", 1, 0), List.of(broken))).isEmpty();
        assertThat(rollout.oldReplicas(set("new", 3, 3), List.of(broken))).containsEntry(broken, 0);
    }

    @Test
    void aStatusThatStillCountsDeletedPodsShrinksNothingTwice() {
        DeploymentRollout rollout = new DeploymentRollout(3, 1, 0);
        ReplicaSet old = set("old", 2, 3);

        assertThat(rollout.oldReplicas(set("new", 1, 1), List.of(old))).isEmpty();
    }

    private static ReplicaSet set(String name, int replicas, int available) {
        return new ReplicaSetBuilder()
                .withNewMetadata()
                .withName(name)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .endSpec()
                .withNewStatus()
                .withAvailableReplicas(available)
                .endStatus()
                .build();
    }
}
