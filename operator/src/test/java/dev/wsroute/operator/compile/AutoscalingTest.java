// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.scaling.ScalingRules;
import dev.wsroute.operator.scaling.ScalingRules.ScaleDown;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code spec.proxy.autoscaling} of objects that bypassed the CRD's checks. */
class AutoscalingTest {

    @Test
    void proxiesOfARouteWithAutoscalingReportOften() {
        assertThat(((Compiled) compile("{autoscaling: {maxReplicas: 4, connectionsPerProxy: 100}}"))
                        .config()
                        .reports())
                .isEqualTo(new ReportsConfig(Duration.ofSeconds(10)));
        assertThat(((Compiled) compile("{replicas: 4}")).config().reports()).isNull();
    }

    @Test
    void absentFieldsHaveTheDefaultsOfTheCrd() {
        assertThat(Autoscaling.of(route("{autoscaling: {maxReplicas: 4, connectionsPerProxy: 100}}")
                        .getSpec()))
                .hasValue(new ScalingRules(2, 4, 100, null, new ScaleDown(Duration.ofMinutes(5), 1)));
        assertThat(Autoscaling.of(route("{replicas: 4}").getSpec())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '' | 80
            ', resources: {requests: {cpu: 2}}' | 1600
            ', resources: {requests: {cpu: 250m}, limits: {cpu: 4}}' | 200
            ', resources: {limits: {cpu: 0.5}}' | 400
            ', resources: {requests: {cpu: 1m}}' | 1
            ', resources: {requests: {cpu: 9P}}' | 800000000
            """)
    void theTargetOfCpuIsAPercentageOfTheRequest(String resources, long target) {
        var spec = route("{autoscaling: {maxReplicas: 4, connectionsPerProxy: 9, cpuUtilization: 80}" + resources + "}")
                .getSpec();

        assertThat(Autoscaling.cpuPerProxy(spec, Autoscaling.of(spec).orElseThrow()))
                .isEqualTo(target);
    }

    @Test
    void theDefaultOfReplicasIsNoContradiction() {
        assertThat(compile("{replicas: 2, autoscaling: {maxReplicas: 4, connectionsPerProxy: 100}}"))
                .isInstanceOf(Compiled.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {replicas: 3, autoscaling: {maxReplicas: 4, connectionsPerProxy: 9}} | spec.proxy.replicas must be absent with autoscaling, got 3
            {autoscaling: {maxReplicas: 1, connectionsPerProxy: 9}} | spec.proxy.autoscaling must not have minReplicas greater than maxReplicas
            {autoscaling: {connectionsPerProxy: 9}} | spec.proxy.autoscaling.maxReplicas is required
            {autoscaling: {maxReplicas: 4, connectionsPerProxy: 0}} | spec.proxy.autoscaling.connectionsPerProxy must be between 1 and 10000000, got 0
            {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9, scaleDown: {after: 25h}}} | spec.proxy.autoscaling.scaleDown.after must be a duration such as 500ms, 15s or 1h30m, at least 1s and at most 24h, got 25h
            {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9, cpuUtilization: 0}} | spec.proxy.autoscaling.cpuUtilization must be between 1 and 10000, got 0
            {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9, cpuUtilization: 70}, resources: {limits: {memory: 1Gi}}} | spec.proxy.resources must have requests.cpu with autoscaling.cpuUtilization, which is a percentage of it
            {autoscaling: {maxReplicas: 4, connectionsPerProxy: 9}, limits: {connectionsPerProxy: 8}} | spec.proxy.autoscaling.connectionsPerProxy must not be greater than limits.connectionsPerProxy, 8, at which a proxy refuses clients; got 9
            """)
    void theOperatorRefusesWhatTheCrdRefuses(String proxy, String sentence) {
        assertThat(compile(proxy))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.problems()).containsExactly(sentence));
        assertThat(Autoscaling.of(route(proxy).getSpec()))
                .satisfiesAnyOf(
                        rules -> assertThat(rules).isEmpty(),
                        rules -> assertThat(sentence).containsAnyOf("replicas must", "limits", "resources"));
    }

    private static Compilation compile(String proxy) {
        return RouteCompiler.compile(route(proxy), name -> Optional.empty(), OwnNamespace.ONLY, Map.of());
    }

    private static WebSocketRoute route(String proxy) {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat, namespace: apps, generation: 3, uid: u}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                  proxy: %s
                """.formatted(proxy), WebSocketRoute.class);
    }
}
