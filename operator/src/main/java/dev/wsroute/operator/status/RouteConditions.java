// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import dev.wsroute.operator.compile.BackendTarget;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.UnresolvedRef;
import dev.wsroute.operator.jwks.PublishedSets;
import dev.wsroute.operator.status.ApplyOutcome.Conflicting;
import dev.wsroute.operator.status.ApplyOutcome.Failed;
import dev.wsroute.operator.status.ApplyOutcome.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Computes all conditions of a route.
 *
 * @param reports of the proxies
 * @param counts of the proxies
 * @param endpoints of each existing backend
 * @param certificates of the listeners
 * @param keySets those that the operator fetches and that have a problem
 * @param rollout what the roll-out of the proxies waits for; empty if it is complete
 */
record RouteConditions(
        Compilation compilation,
        ApplyOutcome outcome,
        ProxyReports reports,
        ProxyCounts counts,
        Map<BackendTarget, BackendEndpoints> endpoints,
        CertificateHealth certificates,
        List<PublishedSets.Problem> keySets,
        Optional<RolloutProgress.Pending> rollout) {

    private static final String NO_READY_PROXY = "NoReadyProxy";

    List<ConditionValue> all() {
        List<ConditionValue> values = new ArrayList<>();
        ConditionValue accepted = accepted();
        ConditionValue resolved = resolvedRefs();
        ConditionValue programmed = programmed();
        values.add(accepted);
        values.add(resolved);
        values.add(programmed);
        values.add(backendsAvailable());
        values.add(ready(accepted, resolved, programmed));
        stalled(accepted, programmed).ifPresent(values::add);
        return values;
    }

    private ConditionValue accepted() {
        if (compilation instanceof Refused refused) {
            return ConditionValue.no(
                    ConditionType.Accepted, refused.reason().name(), String.join("; ", refused.problems()) + ".");
        }
        return ConditionValue.yes(ConditionType.Accepted, "Accepted", "The route is valid.");
    }

    private ConditionValue resolvedRefs() {
        if (!(compilation instanceof Compiled compiled)) {
            return ConditionValue.unknown(
                    ConditionType.ResolvedRefs,
                    "NotAccepted",
                    "The route was not accepted, so its backends were not resolved.");
        }
        List<UnresolvedRef> unresolved = compiled.unresolved();
        if (unresolved.isEmpty()) {
            return certificates
                    .problem()
                    .or(this::keySetProblem)
                    .orElseGet(() ->
                            ConditionValue.yes(ConditionType.ResolvedRefs, "ResolvedRefs", "Every backend exists."));
        }
        return ConditionValue.no(
                ConditionType.ResolvedRefs,
                unresolved.get(0).reason().name(),
                unresolved.stream().map(UnresolvedRef::sentence).collect(Collectors.joining(" ")));
    }

    private Optional<ConditionValue> keySetProblem() {
        return keySets.stream()
                .min(Comparator.comparing(PublishedSets.Problem::kind))
                .map(worst -> ConditionValue.no(
                        ConditionType.ResolvedRefs,
                        reason(worst.kind()),
                        keySets.stream().map(PublishedSets.Problem::sentence).collect(Collectors.joining(" "))));
    }

    private static String reason(PublishedSets.Kind kind) {
        return switch (kind) {
            case UNAVAILABLE -> "KeySetUnavailable";
            case PENDING -> "KeySetPending";
            case NOT_REFRESHED -> "KeySetNotRefreshed";
        };
    }

    private ConditionValue programmed() {
        if (!(compilation instanceof Compiled compiled)) {
            return programmed("NotAccepted", "The proxies keep the last configuration that was accepted.");
        }
        if (outcome instanceof Conflicting conflicting) {
            return programmed("NameConflict", String.join(" ", conflicting.sentences()));
        }
        if (outcome instanceof Failed failed) {
            return programmed("ApplyFailed", failed.sentence());
        }
        if (outcome instanceof Waiting) {
            return programmed(
                    "Pending",
                    "Waiting for the EndpointSlices of the pod selectors before publishing the configuration.");
        }
        Optional<String> refusal = reports.refusal(compiled.version());
        if (refusal.isPresent()) {
            return programmed("ConfigRefused", refusal.get());
        }
        int reachable = counts.reachable().size();
        if (reachable == 0) {
            return counts.desired() == 0
                    ? programmed("ScaledToZero", "spec.proxy.replicas is 0, so no proxy serves this route.")
                    : programmed(NO_READY_PROXY, "None of " + counts.desired() + " proxies is ready yet" + why() + ".");
        }
        if (counts.programmed() < reachable) {
            return programmed(
                    "Pending",
                    counts.programmed() + " of " + reachable + " ready proxies run the current configuration"
                            + withListeners() + ".");
        }
        return ConditionValue.yes(
                ConditionType.Programmed,
                "Programmed",
                reachable == 1
                        ? "The ready proxy runs the current configuration."
                        : "All " + reachable + " ready proxies run the current configuration.");
    }

    private String why() {
        return rollout.map(RolloutProgress.Pending::problem)
                .filter(problem -> !problem.isEmpty())
                .map(problem -> ": " + problem)
                .orElse("");
    }

    private String withListeners() {
        return counts.missingListeners().isEmpty()
                ? ""
                : counts.missingListeners().stream()
                        .collect(Collectors.joining(", ", " and have its listeners; some proxies lack ", ""));
    }

    private static ConditionValue programmed(String reason, String sentence) {
        return ConditionValue.no(ConditionType.Programmed, reason, sentence);
    }

    private ConditionValue backendsAvailable() {
        if (!(compilation instanceof Compiled compiled)) {
            return ConditionValue.unknown(
                    ConditionType.BackendsAvailable,
                    "NotAccepted",
                    "The route was not accepted, so its backends were not resolved.");
        }
        Map<String, Boolean> served = new LinkedHashMap<>();
        compiled.config().routes().stream()
                .flatMap(route -> route.rules().stream())
                .forEach(rule -> served.put(rule.name(), false));
        endpoints.forEach((target, count) -> {
            if (target.weight() > 0 && count.served()) {
                served.put(target.rule(), true);
            }
        });
        List<String> unserved = served.entrySet().stream()
                .filter(rule -> !rule.getValue())
                .map(rule -> "Rule " + rule.getKey() + " has no ready endpoint" + inBackends(rule.getKey()) + ".")
                .toList();
        String unused = unused();
        if (!unserved.isEmpty()) {
            return ConditionValue.no(
                    ConditionType.BackendsAvailable,
                    unused.isEmpty() ? "NoReadyEndpoint" : "UnusableEndpoints",
                    String.join(" ", unserved) + unused);
        }
        String onlyTerminating = onlyTerminating(served.keySet());
        return onlyTerminating.isEmpty()
                ? ConditionValue.yes(
                        ConditionType.BackendsAvailable, "EndpointsReady", "Each rule has a ready endpoint." + unused)
                : ConditionValue.yes(ConditionType.BackendsAvailable, "EndpointsTerminating", onlyTerminating + unused);
    }

    /** One sentence for each rule whose endpoints are all terminating while some still serve. */
    private String onlyTerminating(Set<String> rules) {
        Set<String> only = new LinkedHashSet<>(rules);
        endpoints.forEach((target, count) -> {
            if (target.weight() > 0 && count.ready() > 0) {
                only.remove(target.rule());
            }
        });
        return only.stream()
                .map(rule -> "All endpoints of rule " + rule + " are terminating; new connections go to those still"
                        + " serving.")
                .collect(Collectors.joining(" "));
    }

    /** One sentence per backend, each with a leading space. */
    private String unused() {
        Map<String, String> sentences = new LinkedHashMap<>();
        endpoints.forEach((target, count) -> {
            if (!count.unused().isEmpty()) {
                sentences.put(
                        target.name(),
                        " " + target.name() + " has endpoints that the proxies cannot use: " + count.unusedInWords()
                                + ".");
            }
        });
        return String.join("", sentences.values());
    }

    private String inBackends(String rule) {
        String names = endpoints.keySet().stream()
                .filter(target -> target.rule().equals(rule) && target.weight() > 0)
                .map(BackendTarget::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : " in " + names;
    }

    private ConditionValue ready(ConditionValue accepted, ConditionValue resolved, ConditionValue programmed) {
        Optional<ConditionValue> problem = Stream.of(accepted, resolved, programmed)
                .filter(value -> !value.holds())
                .findFirst();
        if (problem.isPresent() && !isStuckFirstRollout(problem.get())) {
            return problem.get().as(ConditionType.Ready);
        }
        return rollout.map(pending -> ConditionValue.no(ConditionType.Ready, pending.reason(), pending.sentence()))
                .orElseGet(() -> ConditionValue.yes(
                        ConditionType.Ready, "Ready", "The proxies are rolled out and run the current configuration."));
    }

    /** Whether the first roll-out is stuck: then Ready gives the problem, as for every later roll-out. */
    private boolean isStuckFirstRollout(ConditionValue value) {
        return value.reason().equals(NO_READY_PROXY) && !why().isEmpty();
    }

    private Optional<ConditionValue> stalled(ConditionValue accepted, ConditionValue programmed) {
        if (!accepted.holds()) {
            return Optional.of(ConditionValue.yes(ConditionType.Stalled, accepted.reason(), accepted.sentence()));
        }
        return outcome instanceof Failed failed && failed.permanent()
                ? Optional.of(ConditionValue.yes(ConditionType.Stalled, programmed.reason(), programmed.sentence()))
                : Optional.empty();
    }
}
