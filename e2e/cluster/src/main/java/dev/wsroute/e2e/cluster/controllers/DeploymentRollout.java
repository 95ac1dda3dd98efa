// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The number of replicas that each ReplicaSet of a Deployment should have now, computed as by the Deployment controller of
 * Kubernetes (rolling.go). Pure.
 *
 * @param replicas wanted by the Deployment
 * @param maxSurge number of additional pods that may exist during an update
 * @param maxUnavailable number of pods that may be missing during an update
 */
record DeploymentRollout(int replicas, int maxSurge, int maxUnavailable) {

    private static final IntOrString DEFAULT_FENCE = new IntOrString("25%");

    static DeploymentRollout of(Deployment deployment) {
        int replicas = replicas(deployment.getSpec().getReplicas());
        @Nullable IntOrString surge = null;
        @Nullable IntOrString unavailable = null;
        if (deployment.getSpec().getStrategy() != null
                && deployment.getSpec().getStrategy().getRollingUpdate() != null) {
            surge = deployment.getSpec().getStrategy().getRollingUpdate().getMaxSurge();
            unavailable = deployment.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable();
        }
        int maxSurge = scaled(surge == null ? DEFAULT_FENCE : surge, replicas, true);
        int maxUnavailable = scaled(unavailable == null ? DEFAULT_FENCE : unavailable, replicas, false);
        // If both were zero after rounding, the update would never proceed.
        return new DeploymentRollout(
                replicas, maxSurge, maxSurge == 0 && maxUnavailable == 0 ? 1 : Math.min(maxUnavailable, replicas));
    }

    /** A number, or a percentage of {@code total} rounded up or down. */
    static int scaled(IntOrString value, int total, boolean up) {
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        int percent = Integer.parseInt(value.getStrVal().replace("%", "").trim());
        double share = percent * (double) total / 100;
        return (int) (up ? Math.ceil(share) : Math.floor(share));
    }

    /** The number of replicas of the ReplicaSet with the current template. */
    int newReplicas(ReplicaSet current, List<ReplicaSet> old) {
        int own = replicas(current);
        if (own > replicas) {
            return replicas;
        }
        int room = replicas + maxSurge - own - sum(old);
        return room <= 0 ? own : own + Math.min(room, replicas - own);
    }

    /** The numbers of replicas of the older ReplicaSets that must shrink. */
    Map<ReplicaSet, Integer> oldReplicas(ReplicaSet current, List<ReplicaSet> old) {
        Map<ReplicaSet, Integer> result = new LinkedHashMap<>();
        int minAvailable = replicas - maxUnavailable;
        int newUnavailable = Math.max(0, replicas(current) - available(current));
        int allowed = replicas(current) + sum(old) - minAvailable - newUnavailable;
        List<ReplicaSet> oldestFirst = old.stream()
                .filter(set -> replicas(set) > 0)
                .sorted(Comparator.comparing(set -> set.getMetadata().getCreationTimestamp()))
                .toList();
        // Unhealthy replicas go first, whatever the availability of the others.
        for (ReplicaSet set : oldestFirst) {
            int unhealthy = Math.min(Math.max(0, allowed), Math.max(0, replicas(set) - available(set)));
            if (unhealthy > 0) {
                result.put(set, replicas(set) - unhealthy);
                allowed -= unhealthy;
            }
        }
        int spare = available(current) - minAvailable;
        for (ReplicaSet set : oldestFirst) {
            spare += available(set);
        }
        for (ReplicaSet set : oldestFirst) {
            int left = result.getOrDefault(set, replicas(set));
            int shrink = Math.min(left, Math.min(spare, allowed));
            if (shrink > 0) {
                result.put(set, left - shrink);
                spare -= shrink;
                allowed -= shrink;
            }
        }
        return result;
    }

    static int replicas(ReplicaSet set) {
        return replicas(set.getSpec().getReplicas());
    }

    private static int replicas(@Nullable Integer wanted) {
        return wanted == null ? 1 : wanted;
    }

    private static int sum(List<ReplicaSet> sets) {
        return sets.stream().mapToInt(DeploymentRollout::replicas).sum();
    }

    private static int available(ReplicaSet set) {
        @Nullable Integer available = set.getStatus() == null ? null : set.getStatus().getAvailableReplicas();
        return available == null ? 0 : available;
    }
}
