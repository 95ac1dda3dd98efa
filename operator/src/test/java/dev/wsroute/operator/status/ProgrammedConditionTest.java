// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.ConditionType.Programmed;
import static dev.wsroute.operator.status.ConditionType.Ready;
import static dev.wsroute.operator.status.Fixtures.endpoint;
import static dev.wsroute.operator.status.Fixtures.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Proxies;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When Programmed is true, and its messages until then. */
class ProgrammedConditionTest extends StatusFactoryFixture {

    @Test
    void aProxyWithAnEarlierConfigurationPreventsProgrammed() {
        Fixtures oneBehind = Fixtures.healthy().applied("p2", "older");

        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, oneBehind);

        String sentence = "1 of 2 ready proxies run the current configuration.";
        assertCondition(status, Programmed, "False", "Pending", sentence);
        assertCondition(status, Ready, "False", "Pending", sentence);
        assertThat(status.proxies()).isEqualTo(new Proxies(2, 2, 1, "2/2"));
    }

    @Test
    void aReadyProxyWithoutAReportPreventsProgrammed() {
        Fixtures silent =
                Fixtures.healthy().proxies(endpoint("p1", true), endpoint("p2", true), endpoint("fresh", true));

        assertCondition(
                status(Fixtures.compiled(), APPLIED, silent),
                Programmed,
                "False",
                "Pending",
                "2 of 3 ready proxies run the current configuration.");
    }

    @Test
    void unreadyAndTerminatingProxiesDoNotCount() {
        Fixtures moving = Fixtures.healthy()
                .proxies(endpoint("p1", true), endpoint("starting", false), endpoint("leaving", true, true))
                .applied("leaving", "older");

        assertCondition(
                status(Fixtures.compiled(), APPLIED, moving),
                Programmed,
                "True",
                "Programmed",
                "The ready proxy runs the current configuration.");
    }

    @Test
    void aReadyProxyWithoutAListenerPreventsProgrammed() {
        WebSocketRoute route = Serialization.unmarshal(
                Serialization.asYaml(Fixtures.route())
                        + "\n  proxy: {listeners: [{name: ws, port: 80}, {name: admin, port: 8443}]}",
                WebSocketRoute.class);
        Compiled compiled = (Compiled)
                RouteCompiler.compile(route, name -> Optional.of(Fixtures.CHAT), OwnNamespace.ONLY, Map.of());
        String hash = compiled.version().hash();
        Endpoint old = endpoint("p1", true);
        Endpoint fresh = endpoint("p2", true);
        Fixtures rolling = Fixtures.healthy().applied("p1", hash).applied("p2", hash);

        WebSocketRouteStatus before = factory.of(
                route,
                compiled,
                APPLIED,
                rolling.proxies(slice("ws", old, fresh), slice("admin", fresh)).observed());
        WebSocketRouteStatus after = factory.of(
                route,
                compiled,
                APPLIED,
                rolling.proxies(slice("ws", old, fresh), slice("admin", old, fresh))
                        .observed());

        assertCondition(
                before,
                Programmed,
                "False",
                "Pending",
                "1 of 2 ready proxies run the current configuration and have its listeners; some proxies lack admin.");
        assertThat(before.proxies()).isEqualTo(new Proxies(2, 2, 1, "2/2"));
        assertThat(condition(after, Programmed).getStatus()).isEqualTo("True");
    }

    @Test
    void aConfigurationThatWaitsForSlicesIsNotProgrammed() {
        WebSocketRouteStatus status = status(Fixtures.compiled(), new ApplyOutcome.Waiting(), Fixtures.healthy());

        String sentence = "Waiting for the EndpointSlices of the pod selectors before publishing the configuration.";
        assertCondition(status, Programmed, "False", "Pending", sentence);
        assertCondition(status, Ready, "False", "Pending", sentence);
    }

    @Test
    void aRouteWithoutAReadyProxyIsNotProgrammed() {
        assertCondition(
                status(Fixtures.compiled(), APPLIED, new Fixtures().deployment(2, 2, 0)),
                Programmed,
                "False",
                "NoReadyProxy",
                "None of 2 proxies is ready yet.");
    }

    @Test
    void aRejectionIsReportedInTheProxysWords() {
        Fixtures refusing = Fixtures.healthy()
                .report(
                        "p2",
                        "{\"applied\":{\"generation\":2,\"hash\":\"older\"},\"refused\":{\"version\":"
                                + "{\"generation\":3,\"hash\":\"" + Fixtures.hash()
                                + "\"},\"reason\":\"listeners[0].port cannot be bound.\"},\"connections\":0}");

        assertCondition(
                status(Fixtures.compiled(), APPLIED, refusing),
                Programmed,
                "False",
                "ConfigRefused",
                "Proxy p2 rejected the configuration: listeners[0].port cannot be bound.");
    }

    @Test
    void aRejectionOfAnEarlierConfigurationIsIgnored() {
        Fixtures recovered = Fixtures.healthy()
                .report(
                        "p2",
                        "{\"applied\":{\"generation\":3,\"hash\":\"" + Fixtures.hash()
                                + "\"},\"refused\":{\"version\":{\"generation\":2,\"hash\":\"older\"},"
                                + "\"reason\":\"no.\"},\"connections\":0}");

        assertThat(condition(status(Fixtures.compiled(), APPLIED, recovered), Programmed)
                        .getStatus())
                .isEqualTo("True");
    }

    @Test
    void anUnreadableReportIsIgnored() {
        assertCondition(
                status(Fixtures.compiled(), APPLIED, Fixtures.healthy().report("p2", "{half")),
                Programmed,
                "False",
                "Pending",
                "1 of 2 ready proxies run the current configuration.");
    }

    @Test
    void aRouteScaledToZeroReportsIt() {
        WebSocketRoute route = Fixtures.route();
        WebSocketRoute zero =
                Serialization.unmarshal(Serialization.asYaml(route) + "\n  proxy: {replicas: 0}", WebSocketRoute.class);

        WebSocketRouteStatus status = factory.of(
                zero,
                Fixtures.compiled(),
                APPLIED,
                new Fixtures().deployment(0, 0, 0).observed());

        assertCondition(
                status,
                Programmed,
                "False",
                "ScaledToZero",
                "spec.proxy.replicas is 0, so no proxy serves this route.");
        assertThat(status.proxies()).isEqualTo(new Proxies(0, 0, 0, "0/0"));
    }
}
