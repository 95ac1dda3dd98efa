// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import dev.wsroute.config.SessionPersistence;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteCompilerTest {

    @Test
    void aDocumentTooLargeForAConfigMapIsRejected() {
        String rules = IntStream.range(0, 1100)
                .mapToObj(i -> """
                          - name: r%d
                            matches: [{path: {value: "/%s"}}]
                            backendRefs: [{podSelector: {matchLabels: {app: chat}}, port: 80}]
                        """.formatted(i, "x".repeat(800)))
                .collect(Collectors.joining());

        Compilation compilation = compile(route("chat", 1, rules));

        assertThat(compilation).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Refused.RefusalReason.TooLarge);
            assertThat(refused.problems()).singleElement().asString().contains("more than the 900 KiB");
        });
    }

    @Test
    void anEditWithoutEffectOnTheProxiesKeepsTheHash() {
        String rules = "  - {name: main, backendRefs: [{podSelector: {matchLabels: {app: chat}}, port: 80}]}\n";

        Compiled first = (Compiled) compile(route("chat", 1, rules));
        Compiled scaled = (Compiled) compile(route("chat", 2, rules + "  proxy: {replicas: 9}\n"));

        assertThat(scaled.version().hash()).isEqualTo(first.version().hash());
        assertThat(scaled.version().generation()).isEqualTo(2);
    }

    @Test
    void equalSelectorsShareAServiceWithinARouteOnly() {
        HeadlessService one = HeadlessService.of("chat", Map.of("a", "1", "b", "2"), new IntOrString(80));

        assertThat(HeadlessService.of("chat", Map.of("b", "2", "a", "1"), new IntOrString(80)))
                .isEqualTo(one);
        assertThat(HeadlessService.of("other", Map.of("a", "1", "b", "2"), new IntOrString(80))
                        .name())
                .isNotEqualTo(one.name());
        assertThat(HeadlessService.of("chat", Map.of("a", "1", "b", "2"), new IntOrString(81))
                        .name())
                .isNotEqualTo(one.name());
        assertThat(one.name()).hasSizeLessThanOrEqualTo(63).startsWith("wsroute-");
    }

    @Test
    void theProxiesShareAKeyIfARuleUsesSessions() {
        String rule = "{name: main, backendRefs: [{podSelector: {matchLabels: {app: chat}}, port: 80}]";

        Compiled without = (Compiled) compile(route("chat", 1, "  - " + rule + "}\n"));
        Compiled with = (Compiled) compile(route("chat", 1, "  - " + rule + ", sessionPersistence: {}}\n"));

        assertThat(without.config().sessionKey()).isNull();
        assertThat(with.config().sessionKey())
                .isEqualTo(new SessionKeyConfig(new SecretRef("apps", "chat-proxy-session-key", "key"), null));
        assertThat(with.config().routes().get(0).rules().get(0).sessionPersistence())
                .isEqualTo(SessionPersistence.of("wsroute", null));
    }

    @Test
    void theRoutesOwnProxiesCannotBeABackend() {
        Map<String, String> proxies = Map.of("app.kubernetes.io/instance", "chat", "team", "x");
        Service alike = new ServiceBuilder()
                .withNewSpec()
                .addToSelector("team", "x")
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
        WebSocketRoute route = route("chat", 1, """
                  - name: main
                    backendRefs:
                      - podSelector: {matchLabels: {app.kubernetes.io/instance: chat}}
                        port: 8080
                      - service: {name: alike, port: 80}
                      - podSelector: {matchLabels: {team: x, app: chat}}
                        port: 80
                """);

        Compiled compiled =
                (Compiled) RouteCompiler.compile(route, name -> Optional.of(alike), OwnNamespace.ONLY, proxies);

        assertThat(compiled.backends()).extracting(BackendTarget::name).containsExactly("pods/app=chat,team=x:80");
        assertThat(compiled.headlessServices()).hasSize(1);
        assertThat(compiled.unresolved())
                .containsExactly(
                        new UnresolvedRef(
                                UnresolvedRef.UnresolvedReason.SelectsOwnProxies,
                                "The backend pods/app.kubernetes.io/instance=chat:8080 selects this route's own proxies;"
                                        + " select the backend's pods."),
                        new UnresolvedRef(
                                UnresolvedRef.UnresolvedReason.SelectsOwnProxies,
                                "Service apps/alike selects this route's own proxies; select the backend's pods."));
    }

    @Test
    void theServicesOfARouteAreKnownWhateverItsSpecContains() {
        WebSocketRoute broken =
                route("chat", 1, "  - {name: main, backendRefs: [{service: {name: chat, port: ws}}, {}, {port: 1}]}\n");

        assertThat(BackendReferences.namedServices(broken)).containsExactly(new ServiceName("apps", "chat"));
        assertThat(BackendReferences.endpointServices(broken)).containsExactly(new ServiceName("apps", "chat"));
        assertThat(BackendReferences.endpointServices(new WebSocketRoute())).isEmpty();
    }

    private static Compilation compile(WebSocketRoute route) {
        return RouteCompiler.compile(route, name -> Optional.empty(), OwnNamespace.ONLY, Map.of());
    }

    private static WebSocketRoute route(String name, long generation, String rules) {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: %s, namespace: apps, generation: %d}
                spec:
                  rules:
                """.formatted(name, generation) + rules, WebSocketRoute.class);
    }
}
