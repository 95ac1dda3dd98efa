// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.WebSocketPolicySpec.TargetRef;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus.Ancestor;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus.AncestorRef;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What became of a policy at each of its targets, as a PolicyStatus of Gateway API (GEP-713). */
final class PolicyStatusFactory {

    static final String CONTROLLER = "wsroute.dev/operator";

    private static final String ACCEPTED = "Accepted";

    /** Of Gateway API. */
    private static final int MAX_ANCESTORS = 16;

    private static final int MAX_MESSAGE = 4096;

    private final CurrentPolicies policies;
    private final Predicate<ResourceID> exists;
    private final Clock clock;

    /** Why a policy is or is not accepted at a target. */
    enum Reason {
        /** It is in force there. */
        Accepted,
        /** An older one is about the same. */
        Conflicted,
        /** Its access is invalid, or it is about another kind. */
        Invalid,
        /** There is no such route or rule. */
        TargetNotFound
    }

    private record Verdict(Reason reason, String sentence) {}

    /** @param exists whether there is such a route */
    PolicyStatusFactory(CurrentPolicies policies, Predicate<ResourceID> exists, Clock clock) {
        this.policies = policies;
        this.exists = exists;
        this.clock = clock;
    }

    /** Without targets whose routes were not reconciled yet, unless they are in the last status. */
    WebSocketPolicyStatus of(AccessPolicy policy) {
        return new WebSocketPolicyStatus(policy.targets().stream()
                .limit(MAX_ANCESTORS)
                .flatMap(ref -> ancestor(policy, ref).stream())
                .toList());
    }

    private Optional<Ancestor> ancestor(AccessPolicy policy, TargetRef target) {
        AncestorRef ref = new AncestorRef(target.group(), target.kind(), target.name(), target.sectionName());
        Optional<Ancestor> before = Optional.ofNullable(policy.status()).stream()
                .flatMap(status -> status.ancestors().stream())
                .filter(known -> ref.equals(known.ancestorRef()) && CONTROLLER.equals(known.controllerName()))
                .findFirst();
        return verdict(policy, target)
                .map(verdict -> new Ancestor(ref, CONTROLLER, List.of(condition(verdict, policy, before))))
                .or(() -> before);
    }

    private Condition condition(Verdict verdict, AccessPolicy policy, Optional<Ancestor> before) {
        String status = verdict.reason() == Reason.Accepted ? "True" : "False";
        String since = before.stream()
                .flatMap(ancestor -> ancestor.conditions().stream())
                .filter(old -> ACCEPTED.equals(old.getType()) && status.equals(old.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        String sentence = verdict.sentence();
        return new ConditionBuilder()
                .withType(ACCEPTED)
                .withStatus(status)
                .withReason(verdict.reason().name())
                .withMessage(sentence.length() <= MAX_MESSAGE ? sentence : sentence.substring(0, MAX_MESSAGE - 1) + "…")
                .withObservedGeneration(policy.generation())
                .withLastTransitionTime(since)
                .build();
    }

    private Optional<Verdict> verdict(AccessPolicy policy, TargetRef ref) {
        if (!Target.isSupported(ref)) {
            return verdict(
                    Reason.Invalid,
                    "A WebSocketPolicy can be about kind WebSocketRoute of group wsroute.dev, not about kind "
                            + ref.kind() + " of group \"" + ref.group() + "\".");
        }
        if (!policy.problems().isEmpty()) {
            return verdict(
                    Reason.Invalid,
                    String.join("; ", policy.problems())
                            + ". Routes whose policy this is are not accepted, and keep their last configuration.");
        }
        Target target = Target.of(policy.namespace(), ref);
        String route = "WebSocketRoute " + ref.name();
        if (!exists.test(target.routeId())) {
            return verdict(Reason.TargetNotFound, route + " does not exist in namespace " + policy.namespace() + ".");
        }
        RouteAccess access = policies.accessOf(target.routeId()).orElse(null);
        if (access == null) {
            return Optional.empty();
        }
        if (target.rule() != null && !access.rules().containsKey(target.rule())) {
            return verdict(Reason.TargetNotFound, route + " has no rule " + target.rule() + ".");
        }
        Optional<AccessPolicy> conflict =
                policies.inForce(target).filter(other -> !other.name().equals(policy.name()));
        return conflict.isPresent()
                ? verdict(
                        Reason.Conflicted,
                        "WebSocketPolicy " + conflict.get().name()
                                + " takes precedence, being older or first by name, for "
                                + (target.rule() == null ? "" : "rule " + target.rule() + " of ") + route + ".")
                : verdict(Reason.Accepted, accepted(policy.name(), target, access));
    }

    private static Optional<Verdict> verdict(Reason reason, String sentence) {
        return Optional.of(new Verdict(reason, sentence));
    }

    private static String accepted(String name, Target target, RouteAccess access) {
        Map<Boolean, List<String>> rules = access.rules().entrySet().stream()
                .filter(rule -> target.rule() == null || target.rule().equals(rule.getKey()))
                .collect(Collectors.partitioningBy(
                        rule -> rule.getValue().equals(name),
                        Collectors.mapping(
                                rule -> rule.getKey()
                                        + (rule.getValue().equals(RouteAccess.OWN)
                                                ? " has access of its own"
                                                : rule.getValue().equals(name) ? "" : " has a policy that names it"),
                                Collectors.toList())));
        String applied = String.join(", ", rules.getOrDefault(true, List.of()));
        String others = rules.getOrDefault(false, List.of()).stream()
                .map(rule -> " Rule " + rule + ".")
                .collect(Collectors.joining());
        return (applied.isEmpty() ? "It applies to no rule." : "It applies to: " + applied + ".") + others;
    }
}
