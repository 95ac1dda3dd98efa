// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.ForeignServices;
import dev.wsroute.operator.compile.RouteCompiler;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which policy a rule has. */
class PrecedenceOfPoliciesTest {

    private final Policies policies = new Policies();

    /** A policy is {@code name second targets}; each says that only pages of its own name may connect. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a 1 chat                                    | a     | a
            a 1 other                                   | none  | none
            a 2 chat; b 1 chat                          | b     | b
            b 1 chat; a 1 chat                          | a     | a
            a 1 chat; b 2 chat/main                     | b     | a
            b 2 chat/main; a 1 chat                     | b     | a
            a 1 chat/main; b 2 chat/main                | a     | none
            a 1 chat/main; b 2 chat/main; c 3 chat      | a     | c
            a 1 chat chat/main; b 2 chat                | a     | a
            a 2 chat/side other; b 1 chat/main          | b     | a
            a 1 chat/gone                               | none  | none
            """)
    void theOneThatNamesTheRuleThenTheOldestThenTheFirstByName(String given, String main, String side) {
        for (String policy : given.split("; ")) {
            String[] words = policy.split(" ");
            policies.put(
                    words[0],
                    Integer.parseInt(words[1]),
                    "{allowedOrigins: [\"https://" + words[0] + "\"]}",
                    Arrays.copyOfRange(words, 2, words.length));
        }

        WebSocketRoute applied = policies.current.applyTo(Policies.route("chat", "main", "side"));

        assertThat(applied.getSpec().rules())
                .extracting(PrecedenceOfPoliciesTest::origins)
                .containsExactly(main, side);
    }

    private static String origins(RouteRule rule) {
        return rule.access() == null
                ? "none"
                : String.join(",", Objects.requireNonNull(rule.access().allowedOrigins()))
                        .replace("https://", "");
    }

    @Test
    void accessOfARuleReplacesThatOfAPolicyAsAWhole() {
        policies.put("a", 1, "{requireOrigin: true, clientAddresses: {deny: [10.0.0.0/8]}}", "chat", "chat/open");

        WebSocketRoute applied = policies.current.applyTo(
                Policies.route("chat", "main: {allowedOrigins: [same-origin]}", "open: {}", "rest"));

        assertThat(applied.getSpec().rules())
                .extracting(rule ->
                        String.valueOf(Objects.requireNonNull(rule.access()).requireOrigin()))
                .containsExactly("null", "null", "true");
    }

    @Test
    void aRouteThatNoPolicyIsAboutStaysTheSameObject() {
        policies.put("a", 1, "{requireOrigin: true}", "other");
        WebSocketRoute route = Policies.route("chat", "main");

        assertThat(policies.current.applyTo(route)).isSameAs(route);
        assertThat(policies.current.accessOf(Policies.id("chat"))).isEmpty();
    }

    @Test
    void theRoutesOfBothStatesAreReconciledAndNoneIfOnlyTheStatusChanges() {
        assertThat(policies.put("a", 1, "{requireOrigin: true}", "chat", "chat/main"))
                .containsExactly(Policies.id("chat"));
        assertThat(policies.put("a", 1, "{requireOrigin: true}", "other"))
                .containsExactlyInAnyOrder(Policies.id("chat"), Policies.id("other"));
        assertThat(policies.put("a", 1, "{requireOrigin: true}", "other")).isEmpty();

        assertThat(policies.current.put(Policies.id("a"), null)).containsExactly(Policies.id("other"));
        assertThat(policies.current.put(Policies.id("a"), null)).isEmpty();
        assertThat(policies.current.routes()).isEmpty();
    }

    @Test
    void policiesThatAreNotListedAreForgotten() {
        policies.put("a", 1, "{requireOrigin: true}", "chat");
        policies.put("b", 2, "{requireOrigin: false}", "chat");

        policies.current.retain(Set.of("apps/b", "other/a"));

        assertThat(policies.current.policy(Policies.id("a"))).isEmpty();
        assertThat(policies.current
                        .applyTo(Policies.route("chat", "main"))
                        .getSpec()
                        .rules())
                .allSatisfy(
                        rule -> assertThat(Objects.requireNonNull(rule.access()).requireOrigin())
                                .isFalse());
    }

    @Test
    void anInvalidPolicyDoesNotStepAside() {
        policies.put("a", 1, "{clientAddresses: {allow: [nowhere]}}", "chat");
        policies.put("b", 2, "{requireOrigin: true}", "chat");

        assertThat(compile(Policies.route("chat", "side: {requireOrigin: true}", "main", "more")))
                .isEqualTo(new Refused(
                        Refused.RefusalReason.Invalid,
                        List.of(
                                "WebSocketPolicy a: spec.access.clientAddresses.allow[0] must be an IP address or a range"
                                        + " such as 10.0.0.0/8, got \"nowhere\"")));
        assertThat(policies.current.policy(Policies.id("a")).orElseThrow().problems())
                .containsExactly("spec.access.clientAddresses.allow[0] must be an IP address or a range such as"
                        + " 10.0.0.0/8, got \"nowhere\"");
    }

    @Test
    void aRouteWhosePolicyCannotBeReadIsNotAccepted() {
        policies.put("a", 1, "{mode: Ignore}", "chat");

        assertThat(compile(Policies.route("chat", "main")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .startsWith("WebSocketPolicy a: spec.access cannot be read: "));
    }

    @Test
    void aPolicyFromALaterVersionCannotBeRead() {
        policies.put("a", 1, "{retinaScan: true}", "chat");
        policies.put("b", 1, "null", "other");

        assertThat(policies.current.policy(Policies.id("a")).orElseThrow().problems())
                .singleElement()
                .asString()
                .contains("retinaScan");
        assertThat(policies.current.policy(Policies.id("b")).orElseThrow().problems())
                .containsExactly("spec.access is missing");
    }

    @Test
    void aPolicyWithNothingThatCanBeReadIsAboutNothing() {
        GenericKubernetesResource empty = Policies.object("a", 1, "{}", "chat");
        empty.setAdditionalProperty("spec", "nonsense");

        assertThat(policies.current.put(Policies.id("a"), AccessPolicy.of(empty)))
                .isEmpty();
    }

    private Compilation compile(WebSocketRoute route) {
        Compilation compilation = RouteCompiler.compile(
                policies.current.applyTo(route),
                name -> Optional.empty(),
                (namespace, name) -> new ForeignServices.Lookup.Denied(""),
                Map.of());
        return policies.current
                .accessOf(Policies.id(route.getMetadata().getName()))
                .orElseThrow()
                .named(compilation);
    }
}
