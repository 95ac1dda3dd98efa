// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds out why pods of a Deployment's current revision do not run. */
final class PodDiagnosis {

    private static final String TEMPLATE_HASH = "pod-template-hash";

    /** Anybody may label pods, so further ones are ignored. */
    private static final int MAX_PODS = 200;

    /** Normal waiting reasons during every start. */
    private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");

    /** A failed attempt and the back-off before the next one are the same problem. */
    private static final Set<String> PULLING = Set.of("ErrImagePull", "ImagePullBackOff");

    private static final Pattern BACK_OFF = Pattern.compile("Back-off pulling image \"[^\"]*\"(: ErrImagePull)?(: )?");

    private static final String CRASHING = "CrashLoopBackOff";

    /** A single restart may be an accident. */
    private static final int CRASHES = 2;

    private PodDiagnosis() {}

    /**
     * The first problem, in order of pod names. Pods of earlier revisions are ignored; the current revision is that of the
     * newest pod.
     */
    static Optional<PodProblem> of(String deployment, List<Pod> labelled) {
        List<Pod> pods = labelled.stream()
                .limit(MAX_PODS)
                .filter(pod -> belongsTo(deployment, pod) && pod.getStatus() != null)
                .sorted(Comparator.comparing(PodDiagnosis::created)
                        .reversed()
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .toList();
        if (pods.isEmpty()) {
            return Optional.empty();
        }
        String revision = revision(pods.get(0));
        Optional<PodProblem> ended = failed(pods.get(0));
        return ended.isPresent()
                ? ended
                : pods.stream()
                        .filter(pod -> revision.equals(revision(pod)))
                        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                        .flatMap(pod -> of(pod).stream())
                        .findFirst();
    }

    /** By the name of its ReplicaSet, which users cannot choose; a terminating pod explains nothing. */
    private static boolean belongsTo(String deployment, Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && pod.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                                && "ReplicaSet".equals(owner.getKind())
                                && (deployment + "-" + revision(pod)).equals(owner.getName()));
    }

    private static String revision(Pod pod) {
        return pod.getMetadata().getLabels() == null
                ? ""
                : pod.getMetadata().getLabels().getOrDefault(TEMPLATE_HASH, "");
    }

    private static String created(Pod pod) {
        return Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), "");
    }

    /** The kubelet rejected it, or it was evicted. Older pods have been replaced meanwhile. */
    private static Optional<PodProblem> failed(Pod pod) {
        return "Failed".equals(pod.getStatus().getPhase())
                ? Optional.of(PodProblem.of(
                        pod.getStatus().getReason(),
                        "PodFailed",
                        name(pod) + " failed",
                        pod.getStatus().getMessage()))
                : Optional.empty();
    }

    private static Optional<PodProblem> of(Pod pod) {
        return unscheduled(pod)
                .or(() -> Stream.concat(
                                pod.getStatus().getInitContainerStatuses().stream(),
                                pod.getStatus().getContainerStatuses().stream())
                        .filter(container -> !Boolean.TRUE.equals(container.getReady()))
                        .flatMap(container -> container(pod, container).stream())
                        .findFirst());
    }

    private static Optional<PodProblem> unscheduled(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .findFirst()
                .map((PodCondition condition) -> PodProblem.of(
                        condition.getReason(),
                        "Unschedulable",
                        name(pod) + " cannot be scheduled",
                        condition.getMessage()));
    }

    private static Optional<PodProblem> container(Pod pod, ContainerStatus container) {
        ContainerStateWaiting waiting =
                container.getState() == null ? null : container.getState().getWaiting();
        String reason = waiting == null ? null : waiting.getReason();
        if (CRASHING.equals(reason) || crashes(container) >= CRASHES) {
            return Optional.of(crash(pod, container));
        }
        if (waiting == null || reason == null || STARTING.contains(reason)) {
            return Optional.empty();
        }
        return Optional.of(
                PULLING.contains(reason)
                        ? PodProblem.of(
                                "ImagePullBackOff",
                                "",
                                "image " + OneLine.of(container.getImage()) + " of " + name(pod) + " cannot be pulled",
                                failure(waiting.getMessage()))
                        : PodProblem.of(
                                reason,
                                "ContainerWaiting",
                                name(container) + " of " + name(pod) + " cannot be started",
                                waiting.getMessage()));
    }

    /** Removes the back-off prefix, which Kubernetes writes since 1.31, so that the message is the same in every attempt. */
    private static @Nullable String failure(@Nullable String message) {
        return message == null ? null : BACK_OFF.matcher(message).replaceFirst("");
    }

    private static int crashes(ContainerStatus container) {
        return end(container) == null ? 0 : RolloutProgress.number(container.getRestartCount());
    }

    private static PodProblem crash(Pod pod, ContainerStatus container) {
        ContainerStateTerminated end = end(container);
        String what = name(container) + " of " + name(pod) + " keeps exiting";
        if (end == null) {
            return PodProblem.of(CRASHING, "", what, null);
        }
        String code = "exit code " + RolloutProgress.number(end.getExitCode());
        return PodProblem.of(
                CRASHING,
                "",
                what + " with " + code + (end.getReason() == null ? "" : " (" + OneLine.of(end.getReason()) + ")"),
                end.getMessage());
    }

    private static @Nullable ContainerStateTerminated end(ContainerStatus container) {
        return container.getLastState() == null
                ? null
                : container.getLastState().getTerminated();
    }

    private static String name(Pod pod) {
        return "pod " + pod.getMetadata().getName();
    }

    private static String name(ContainerStatus container) {
        return "container " + container.getName();
    }
}
