// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import org.junit.jupiter.api.Test;

/** An operator whose standard output is a pipe that is never read. */
class UnreadOutputIT extends OperatorScenario {

    @Test
    void itKeepsReconcilingAndStopsOnSigterm() throws Exception {
        operator.close();
        operator = OperatorProgram.launchUnread(kubeconfig, "--leader-election", "false", "--log-level", "TRACE");
        operator.awaitReady();
        for (int i = 0; operator.droppedLines() == 0; i++) {
            assertThat(i).isLessThan(200);
            apply("chatty-" + i, "");
            reconciled("chatty-" + i);
        }

        apply("late", "");

        reconciled("late");
        operator.terminate();
        // The exit code of a process that ends by SIGTERM after its hooks have run: 128 + 15.
        assertThat(operator.exitCode()).isEqualTo(143);
    }

    private void reconciled(String name) {
        await().until(() -> client.resources(Deployment.class)
                        .inNamespace(namespace)
                        .withName(name + "-proxy")
                        .get()
                != null);
    }
}
