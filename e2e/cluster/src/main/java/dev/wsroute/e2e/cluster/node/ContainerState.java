// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.time.Instant;

/** The state of a container, as in the status of its pod. */
sealed interface ContainerState {

    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant since, long pid) implements ContainerState {}

    /** @param exitCode 128 plus the number of the signal, if one ended it */
    record Terminated(int exitCode, String reason, String message, Instant since, Instant at)
            implements ContainerState {}

    static Terminated exited(int exitCode, Instant since, Instant at) {
        return new Terminated(exitCode, exitCode == 0 ? "Completed" : "Error", "", since, at);
    }
}
