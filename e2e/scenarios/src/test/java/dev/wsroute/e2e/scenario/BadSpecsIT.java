// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API refuses an invalid spec with a sentence. Errors that only the cluster shows become conditions. */
@Scenario
class BadSpecsIT {

    private static final String ROUTE = """
            apiVersion: wsroute.dev/v1alpha1
            kind: WebSocketRoute
            metadata: {name: %s, namespace: %s}
            spec: %s
            """;

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{rules: [{name: a, backendRefs: [{weight: 1}]}]}                                          | a backendRef must have either service or podSelector",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}, port: 2}]}]}               | port is required with podSelector",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}], drain: {over: soon}}]}   | spec.rules[0].drain.over",
                "{rules: []}                                                                               | spec.rules",
                "{hostnames: [UPPER], rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}]}    | spec.hostnames[0]",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}], proxy: {listeners: [{name: a, port: 9901}]}} | ports 9901 and 9902 are reserved for metrics and probes of the proxy",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}], proxy: {listeners: [{name: a, port: 1}, {name: b, port: 1}]}} | each listener needs its own port",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}], proxy: {service: {externalTrafficPolicy: Local}}} | externalTrafficPolicy is only allowed with type NodePort or LoadBalancer",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}], proxi: {}}             | proxi",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}], matches: [{path: {type: RegularExpression, value: '/ws/('}}]}]} | missing closing )",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}], matches: [{path: {type: Exact, value: /a}}], urlRewrite: {path: {replacePrefixMatch: /}}}]} | needs type PathPrefix in every match",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}], requestHeaderModifier: {set: [{name: Upgrade, value: h2c}]}}]} | must not be a header that the proxy itself writes",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}], loadBalancing: {type: ConsistentHash, consistentHash: {type: Cookie}}}]} | needs a name with type Header, Cookie or QueryParam",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}], connections: {ping: {interval: 1ms}}}]} | must be a duration such as 500ms, 15s or 1h30m, at least 1s",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}], proxy: {clientAddress: {trustedProxies: [10.0.0.0/33]}}} | each must be an IP address or a range",
                "{rules: [{name: a, backendRefs: [{service: {name: x, port: 1}}]}], proxy: {clientAddress: {proxyProtocol: Require}}} | needs trustedProxies when proxyProtocol"
            })
    void aBadSpecIsRefusedWithItsReason(String spec, String reason, Space space) throws Exception {
        var route =
                Manifests.parse(ROUTE.formatted("bad", space.namespace(), spec)).get(0);

        assertThatThrownBy(() -> new Manifests(space.client()).apply(route))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(reason);
        assertThat(space.route("bad").exists()).isFalse();
    }

    @Test
    void kubectlShowsTheReason(Space space, SuiteCluster cluster, @TempDir Path folder) throws Exception {
        Path manifest = Files.writeString(
                folder.resolve("route.yaml"),
                ROUTE.formatted("bad", space.namespace(), "{rules: [{name: a, backendRefs: [{weight: 1}]}]}"));

        Kubectl.Outcome outcome = new Kubectl(cluster, space).attempt("apply", "-f", manifest.toString());

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("a backendRef must have either service or podSelector, not both");
    }

    @Test
    void aMissingServiceAndAMissingPortAreNamed(Space space) {
        Route route = space.apply("chat", Spec.to("nowhere"));
        assertThat(route.awaitCondition("ResolvedRefs", "False").getMessage()).contains("nowhere");
        route.awaitCondition("Ready", "False");

        space.backend("chat", 1);
        route.apply(Spec.to("chat", "wss"));
        assertThat(route.awaitCondition("ResolvedRefs", "False").getMessage())
                .contains("chat")
                .contains("wss");

        route.apply(Spec.to("chat"));
        route.awaitReady();
    }
}
