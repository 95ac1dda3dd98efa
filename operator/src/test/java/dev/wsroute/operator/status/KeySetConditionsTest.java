// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.jwks.PublishedSets.Kind;
import dev.wsroute.operator.jwks.PublishedSets.Problem;
import dev.wsroute.operator.testkit.ChatService;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the status of a route says about key sets that the operator fetches. */
class KeySetConditionsTest extends StatusFactoryFixture {

    private static final Problem OLD = new Problem(Kind.NOT_REFRESHED, "A is old.");
    private static final Problem ABSENT = new Problem(Kind.UNAVAILABLE, "B is absent.");

    private final WebSocketRoute route = Serialization.unmarshal("""
            apiVersion: wsroute.dev/v1alpha1
            kind: WebSocketRoute
            metadata: {name: chat, namespace: apps, generation: 3, uid: u}
            spec:
              rules:
              - name: main
                backendRefs:
                - service: {name: chat, port: ws}
                access:
                  jwt:
                    providers:
                    - {name: login, algorithms: [ES256], jwks: {uri: "https://id.example.com/keys"}}
            """, WebSocketRoute.class);
    private final Compiled compiled = (Compiled)
            RouteCompiler.compile(route, name -> Optional.of(ChatService.create()), OwnNamespace.ONLY, Map.of());

    private WebSocketRouteStatus status(Fixtures around, Problem... problems) {
        return factory.of(route, compiled, APPLIED, around.observed(), null, Map.of(), List.of(problems));
    }

    @Test
    void aSetThatIsMissingOrOldIsSaidAndEverythingElseHolds() {
        WebSocketRouteStatus old = status(Fixtures.healthy(), OLD);
        assertCondition(old, ConditionType.ResolvedRefs, "False", "KeySetNotRefreshed", "A is old.");
        assertThat(condition(old, ConditionType.Accepted).getStatus()).isEqualTo("True");
        assertThat(condition(old, ConditionType.BackendsAvailable).getStatus()).isEqualTo("True");

        assertCondition(
                status(Fixtures.healthy(), OLD, ABSENT),
                ConditionType.ResolvedRefs,
                "False",
                "KeySetUnavailable",
                "A is old. B is absent.");
        assertThat(condition(status(Fixtures.healthy()), ConditionType.ResolvedRefs)
                        .getStatus())
                .isEqualTo("True");
    }

    @Test
    void aSetThatIsBeingFetchedForTheFirstTimeIsNoWarning() {
        WebSocketRouteStatus pending = status(Fixtures.healthy(), new Problem(Kind.PENDING, "C comes."));

        assertCondition(pending, ConditionType.ResolvedRefs, "False", "KeySetPending", "C comes.");
        assertThat(Transition.between(null, pending))
                .extracting(Transition::reason)
                .doesNotContain("KeySetPending");
        assertCondition(
                status(Fixtures.healthy(), new Problem(Kind.PENDING, "C comes."), ABSENT),
                ConditionType.ResolvedRefs,
                "False",
                "KeySetUnavailable",
                "C comes. B is absent.");
    }

    @Test
    void whatProxiesSayOfTheseSetsIsNoNews() throws Exception {
        String source =
                "ConfigMap apps/chat-proxy-jwks (" + compiled.keySets().get(0).key() + ")";
        CertificateReport report =
                CertificateReport.faulty(Place.ofProvider("main", "login"), source, null, "It has no such key");
        Fixtures around = Fixtures.healthy()
                .proxies(Fixtures.slice("ws", Fixtures.endpoint("p1", true)))
                .report(
                        "p1",
                        new ObjectMapper()
                                .writeValueAsString(new ProxyReport(compiled.version(), null, 4, List.of(report))));

        assertThat(condition(status(around), ConditionType.ResolvedRefs).getStatus())
                .isEqualTo("True");
    }
}
