// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a pod from the states of its containers. Pure. */
final class PodStatuses {

    private PodStatuses() {}

    /**
     * @param before its transition times are kept where nothing changes
     * @param restarts whether containers are restarted after a successful exit
     */
    static PodStatus of(
            PodStatus before, String address, Instant since, List<ContainerRunner> containers, boolean restarts) {
        Instant now = Instant.now();
        List<String> unready = containers.stream()
                .filter(container -> !container.isReady())
                .map(container -> container.spec().getName())
                .toList();
        return new PodStatusBuilder()
                .withPhase(phase(containers, restarts))
                .withHostIP(NodeRuntime.ADDRESS)
                .withPodIP(address)
                .withPodIPs(new PodIP(address))
                .withStartTime(time(since))
                .withConditions(
                        condition(before, "PodScheduled", true, List.of(), now),
                        condition(before, "Initialized", true, List.of(), now),
                        condition(before, "ContainersReady", unready.isEmpty(), unready, now),
                        condition(before, "Ready", unready.isEmpty(), unready, now))
                .withContainerStatuses(
                        containers.stream().map(PodStatuses::container).toList())
                .build();
    }

    private static String phase(List<ContainerRunner> containers, boolean restarts) {
        boolean neverRan = containers.stream()
                .anyMatch(container -> container.state() instanceof ContainerState.Waiting
                        && container.lastEnd().isEmpty());
        if (neverRan) {
            return "Pending";
        }
        boolean over =
                containers.stream().allMatch(container -> container.state() instanceof ContainerState.Terminated);
        if (!over || restarts) {
            return "Running";
        }
        boolean well = containers.stream()
                .allMatch(
                        container -> container.state() instanceof ContainerState.Terminated end && end.exitCode() == 0);
        return well ? "Succeeded" : "Failed";
    }

    private static PodCondition condition(
            PodStatus before, String type, boolean holds, List<String> unready, Instant now) {
        String status = holds ? "True" : "False";
        String since = before.getConditions().stream()
                .filter(condition -> type.equals(condition.getType()) && status.equals(condition.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElse(time(now));
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(holds ? null : "ContainersNotReady")
                .withMessage(holds ? null : "containers with unready status: " + unready)
                .withLastTransitionTime(since)
                .build();
    }

    private static ContainerStatus container(ContainerRunner container) {
        return new ContainerStatusBuilder()
                .withName(container.spec().getName())
                .withImage(container.spec().getImage())
                .withImageID(container.spec().getImage())
                .withContainerID(id(container.state()))
                .withReady(container.isReady())
                .withStarted(container.isStarted())
                .withRestartCount(container.restarts())
                .withState(state(container.state()))
                .withLastState(container
                        .lastEnd()
                        .map(PodStatuses::state)
                        .orElse(new io.fabric8.kubernetes.api.model.ContainerState()))
                .build();
    }

    /** Uses the process id as the container id. */
    private static @Nullable String id(ContainerState state) {
        return state instanceof ContainerState.Running running ? "process://" + running.pid() : null;
    }

    private static io.fabric8.kubernetes.api.model.ContainerState state(ContainerState state) {
        ContainerStateBuilder builder = new ContainerStateBuilder();
        if (state instanceof ContainerState.Waiting waiting) {
            builder.withNewWaiting()
                    .withReason(waiting.reason())
                    .withMessage(orAbsent(waiting.message()))
                    .endWaiting();
        } else if (state instanceof ContainerState.Running running) {
            builder.withNewRunning().withStartedAt(time(running.since())).endRunning();
        } else if (state instanceof ContainerState.Terminated end) {
            builder.withNewTerminated()
                    .withExitCode(end.exitCode())
                    .withSignal(Optional.of(end.exitCode() - 128)
                            .filter(signal -> signal > 0)
                            .orElse(null))
                    .withReason(end.reason())
                    .withMessage(orAbsent(end.message()))
                    .withStartedAt(time(end.since()))
                    .withFinishedAt(time(end.at()))
                    .endTerminated();
        }
        return builder.build();
    }

    private static @Nullable String orAbsent(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
