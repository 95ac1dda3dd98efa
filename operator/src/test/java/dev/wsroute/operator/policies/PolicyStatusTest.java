// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus;
import dev.wsroute.api.v1alpha1.WebSocketPolicyStatus.Ancestor;
import dev.wsroute.operator.testkit.MovableClock;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a policy's status says of each of its targets. */
class PolicyStatusTest {

    private final Policies policies = new Policies();
    private final Set<ResourceID> routes = new HashSet<>();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-30T12:00:00Z"));
    private final PolicyStatusFactory factory = new PolicyStatusFactory(policies.current, routes::contains, clock);

    @Test
    void acceptedWithTheRulesThatItAppliesTo() {
        policies.put("a", 1, "{requireOrigin: true}", "chat", "other/main");
        policies.put("b", 2, "{requireOrigin: true}", "chat/side");
        route("chat", "main", "own: {}", "side", "rest");
        route("other", "main: {}");

        assertThat(sentences("a"))
                .containsExactly(
                        "True Accepted: It applies to: main, rest. Rule own has access of its own. Rule side has a policy"
                                + " that names it.",
                        "True Accepted: It applies to no rule. Rule main has access of its own.");
        assertThat(sentences("b")).containsExactly("True Accepted: It applies to: side.");
    }

    @Test
    void conflictedIfAnOlderOneIsAboutTheSame() {
        policies.put("a", 1, "{requireOrigin: true}", "chat", "other/main");
        policies.put("b", 2, "{requireOrigin: true}", "chat", "other/main", "other/side");
        route("chat", "main");
        route("other", "main", "side");

        assertThat(sentences("b"))
                .containsExactly(
                        "False Conflicted: WebSocketPolicy a takes precedence, being older or first by name, for WebSocketRoute chat.",
                        "False Conflicted: WebSocketPolicy a takes precedence, being older or first by name, for rule main of"
                                + " WebSocketRoute other.",
                        "True Accepted: It applies to: side.");
    }

    @Test
    void conflictedIfOneOfTheSameSecondIsFirstByName() {
        policies.put("b", 1, "{requireOrigin: true}", "chat");
        policies.put("a", 1, "{requireOrigin: true}", "chat");
        route("chat", "main");

        assertThat(sentences("a")).containsExactly("True Accepted: It applies to: main.");
        assertThat(sentences("b"))
                .containsExactly(
                        "False Conflicted: WebSocketPolicy a takes precedence, being older or first by name, for WebSocketRoute chat.");
    }

    @Test
    void notFoundIfThereIsNoSuchRouteOrRule() {
        policies.put("a", 1, "{requireOrigin: true}", "chat", "other/gone");
        route("other", "main");

        assertThat(sentences("a"))
                .containsExactly(
                        "False TargetNotFound: WebSocketRoute chat does not exist in namespace apps.",
                        "False TargetNotFound: WebSocketRoute other has no rule gone.");
    }

    @Test
    void invalidIfItsAccessIsOrIfItIsAboutAnotherKind() {
        policies.put("a", 1, "{clientAddresses: {deny: [nobody]}}", "chat");
        route("chat", "main");
        GenericKubernetesResource gateway = Policies.object("b", 1, "{}", "chat");
        gateway.setAdditionalProperty("spec", Serialization.unmarshal("""
                        access: {}
                        targetRefs:
                        - {group: gateway.networking.k8s.io, kind: Gateway, name: main}
                        """, Map.class));
        policies.current.put(Policies.id("b"), AccessPolicy.of(gateway));

        assertThat(sentences("a"))
                .containsExactly(
                        "False Invalid: spec.access.clientAddresses.deny[0] must be an IP address or a range such as"
                                + " 10.0.0.0/8, got \"nobody\". Routes whose policy this is are not accepted, and keep their"
                                + " last configuration.");
        assertThat(sentences("b"))
                .containsExactly(
                        "False Invalid: A WebSocketPolicy can be about kind WebSocketRoute of group wsroute.dev, not about"
                                + " kind Gateway of group \"gateway.networking.k8s.io\".");
    }

    @Test
    void aTargetThatWasNotReconciledYetKeepsWhatWasSaidOfIt() {
        policies.put("a", 1, "{requireOrigin: true}", "chat");
        routes.add(Policies.id("chat"));
        assertThat(sentences("a")).isEmpty();

        withStatus("a", "chat", "False", "2026-11-30T11:00:00Z");

        assertThat(status("a").ancestors())
                .singleElement()
                .satisfies(
                        ancestor -> assertThat(condition(ancestor).getReason()).isEqualTo("Before"));
    }

    @Test
    void theTransitionTimeIsThatOfTheLastChangeOfTheStatus() {
        withStatus("a", "chat", "True", "2026-11-30T11:00:00Z");
        route("chat", "main");
        assertThat(condition(status("a").ancestors().get(0)))
                .returns("2026-11-30T11:00:00Z", Condition::getLastTransitionTime)
                .returns("Accepted", Condition::getReason)
                .returns(3L, Condition::getObservedGeneration);

        withStatus("a", "chat", "False", "2026-11-30T11:00:00Z");
        clock.advance(Duration.ofMinutes(5));

        assertThat(condition(status("a").ancestors().get(0)).getLastTransitionTime())
                .isEqualTo("2026-11-30T12:05:00Z");
    }

    @Test
    void theSameStateGivesAnEqualStatus() {
        policies.put("a", 1, "{requireOrigin: true}", "chat");
        route("chat", "main");
        WebSocketPolicyStatus written = status("a");
        GenericKubernetesResource object = Policies.object("a", 1, "{requireOrigin: true}", "chat");
        object.setAdditionalProperty("status", Serialization.unmarshal(Serialization.asJson(written), Map.class));

        policies.current.put(Policies.id("a"), AccessPolicy.of(object));
        clock.advance(Duration.ofMinutes(5));

        assertThat(policies.current.policy(Policies.id("a")).orElseThrow().status())
                .isEqualTo(written)
                .isEqualTo(status("a"));
    }

    private void withStatus(String policy, String route, String status, String since) {
        GenericKubernetesResource object = Policies.object(policy, 1, "{requireOrigin: true}", route);
        object.setAdditionalProperty("status", Serialization.unmarshal("""
                ancestors:
                - ancestorRef: {group: wsroute.dev, kind: WebSocketRoute, name: %s}
                  controllerName: wsroute.dev/operator
                  conditions:
                  - {type: Accepted, status: "%s", reason: Before, message: m, lastTransitionTime: "%s"}
                """.formatted(route, status, since), Map.class));
        policies.current.put(Policies.id(policy), AccessPolicy.of(object));
    }

    private void route(String name, String... rules) {
        routes.add(Policies.id(name));
        var unused = policies.current.applyTo(Policies.route(name, rules));
    }

    private WebSocketPolicyStatus status(String policy) {
        return factory.of(policies.current.policy(Policies.id(policy)).orElseThrow());
    }

    private List<String> sentences(String policy) {
        return status(policy).ancestors().stream()
                .map(PolicyStatusTest::condition)
                .map(condition -> condition.getStatus() + " " + condition.getReason() + ": " + condition.getMessage())
                .toList();
    }

    private static Condition condition(Ancestor ancestor) {
        return ancestor.conditions().get(0);
    }
}
