// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.testkit.ChatService;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the status says about objects that access rules name, as the proxies report it. */
class CredentialConditionsTest extends StatusFactoryFixture {

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
                  apiKeys: {secretRef: {name: meters}}
                  basic: {secretRef: {name: robots}}
                  jwt:
                    providers:
                    - {name: login, algorithms: [ES256], keyRefs: [{name: login-keys}]}
                    denyListRef: {name: revoked}
            """, WebSocketRoute.class);
    private final Compiled compiled = (Compiled)
            RouteCompiler.compile(route, name -> Optional.of(ChatService.create()), OwnNamespace.ONLY, Map.of());

    static Stream<Arguments> objects() {
        return Stream.of(
                Arguments.of(Place.ofCredentials("main", Place.API_KEYS), "Secret apps/meters (keys)", "API keys"),
                Arguments.of(Place.ofCredentials("main", Place.PASSWORDS), "Secret apps/robots (auth)", "passwords"),
                Arguments.of(
                        Place.ofProvider("main", "login"), "ConfigMap apps/login-keys (jwks.json)", "tokens of login"),
                Arguments.of(Place.ofDenyList("main"), "ConfigMap apps/revoked", "revoked tokens"));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void whatAProxyCannotUseIsAnInvalidKeyRef(Place place, String source, String what) throws Exception {
        CertificateReport report = CertificateReport.faulty(place, source, null, "line 1 is wrong");
        Fixtures around = Fixtures.healthy()
                .proxies(Fixtures.slice("ws", Fixtures.endpoint("p1", true)))
                .report(
                        "p1",
                        new ObjectMapper()
                                .writeValueAsString(new ProxyReport(compiled.version(), null, 4, List.of(report))));

        WebSocketRouteStatus status = factory.of(route, compiled, APPLIED, around.observed());

        assertCondition(
                status,
                ConditionType.ResolvedRefs,
                "False",
                "InvalidKeyRef",
                "Rule main, " + what + ": " + source + ": line 1 is wrong.");
    }
}
