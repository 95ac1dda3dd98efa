// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.cluster.EmbeddedCluster;
import org.junit.jupiter.api.Test;

/** Only one operator acts at a time, and one that cannot start reports why. */
class LeaderElectionIT extends OperatorScenario {

    @Test
    void anOperatorThatLosesItsLeaseEnds() throws Exception {
        allowLeasesHere();
        try (OperatorProgram leader = OperatorProgram.start(
                kubeconfig, "--leader-election-namespace", namespace, "--namespaces", namespace)) {
            var lease = client.leases().inNamespace(namespace).withName("wsroute-operator");
            await().until(() -> lease.get() != null);

            lease.edit(l -> {
                l.getSpec().setHolderIdentity("somebody-else");
                return l;
            });

            assertThat(leader.exitCode()).isEqualTo(1);
            assertThat(leader.log()).contains("Lost the lease");
        }
    }

    @Test
    void aTerminatedOperatorGivesItsLeaseBackAndTheNextTakesOverAtOnce() throws Exception {
        allowLeasesHere();
        chatService();
        try (OperatorProgram first = OperatorProgram.start(
                        kubeconfig, "--leader-election-namespace", namespace, "--namespaces", namespace);
                OperatorProgram second = OperatorProgram.start(
                        kubeconfig, "--leader-election-namespace", namespace, "--namespaces", namespace)) {
            var lease = client.leases().inNamespace(namespace).withName("wsroute-operator");
            await().until(() -> lease.get() != null);
            String holder = lease.get().getSpec().getHolderIdentity();

            OperatorProgram leading = first.log().contains("this operator is the leader") ? first : second;
            OperatorProgram standby = leading == first ? second : first;
            leading.terminate();

            assertThat(leading.exitCode()).isEqualTo(143);
            await().until(() -> standby.log().contains("this operator is the leader"));
            assertThat(lease.get().getSpec().getHolderIdentity()).isNotEqualTo(holder);
        }
    }

    @Test
    void withoutTheCrdItReportsWhatToInstall() throws Exception {
        try (EmbeddedCluster bare = EmbeddedCluster.builder().start();
                OperatorProgram program = OperatorProgram.launch(bare.kubeconfig())) {
            assertThat(program.exitCode()).isEqualTo(1);
            assertThat(program.log())
                    .containsOnlyOnce("\n")
                    .contains("does not serve websocketroutes; install the CRD first");
        }
    }
}
