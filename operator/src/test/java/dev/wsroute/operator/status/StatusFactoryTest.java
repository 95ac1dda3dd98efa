package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.ConditionType.Accepted;
import static dev.wsroute.operator.status.ConditionType.BackendsAvailable;
import static dev.wsroute.operator.status.ConditionType.Programmed;
import static dev.wsroute.operator.status.ConditionType.Ready;
import static dev.wsroute.operator.status.ConditionType.ResolvedRefs;
import static dev.wsroute.operator.status.ConditionType.Stalled;
import static dev.wsroute.operator.status.Fixtures.endpoint;
import static dev.wsroute.operator.status.Fixtures.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Address;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Backend;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Proxies;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.RouteCompiler;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusFactoryTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Outcome APPLIED = new Outcome.Applied();

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final StatusFactory factory = new StatusFactory(clock);

    @Test
    void aRouteWhoseProxiesRunItIsReady() {
        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, Fixtures.allWell());

        assertCondition(status, Accepted, "True", "Accepted", "The route is valid.");
        assertCondition(status, ResolvedRefs, "True", "ResolvedRefs", "Every backend exists.");
        assertCondition(status, Programmed, "True", "Programmed", "All 2 ready proxies run the current configuration.");
        assertCondition(status, BackendsAvailable, "True", "EndpointsReady", "Each rule has a ready endpoint.");
        assertCondition(
                status, Ready, "True", "Ready", "The proxies are rolled out and run the current configuration.");
        assertThat(status.conditions()).hasSize(5).allSatisfy(c -> {
            assertThat(c.getObservedGeneration()).isEqualTo(3);
            assertThat(c.getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
        });
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(status.proxies()).isEqualTo(new Proxies(2, 2, 2, "2/2"));
        assertThat(status.replicas()).isEqualTo(2);
        assertThat(status.selector()).isEqualTo("app.kubernetes.io/instance=chat,app.kubernetes.io/name=wsroute-proxy");
        assertThat(status.readyEndpoints()).isEqualTo(1);
        assertThat(status.backends()).containsExactly(new Backend("service/chat:ws", 1, 0));
    }

    @Test
    void aProxyThatRunsAnEarlierConfigurationKeepsItFromBeingProgrammed() {
        Fixtures oneBehind = Fixtures.allWell().applied("p2", "older");

        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, oneBehind);

        String sentence = "1 of 2 ready proxies run the current configuration.";
        assertCondition(status, Programmed, "False", "Pending", sentence);
        assertCondition(status, Ready, "False", "Pending", sentence);
        assertThat(status.proxies()).isEqualTo(new Proxies(2, 2, 1, "2/2"));
    }

    @Test
    void aReadyProxyThatSaidNothingKeepsItFromBeingProgrammed() {
        Fixtures silent =
                Fixtures.allWell().proxies(endpoint("p1", true), endpoint("p2", true), endpoint("fresh", true));

        assertCondition(
                status(Fixtures.compiled(), APPLIED, silent),
                Programmed,
                "False",
                "Pending",
                "2 of 3 ready proxies run the current configuration.");
    }

    @Test
    void proxiesThatAreNotReadyOrLeavingDoNotCount() {
        Fixtures moving = Fixtures.allWell()
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
    void aReadyProxyThatLacksAListenerKeepsItFromBeingProgrammed() {
        WebSocketRoute route = Serialization.unmarshal(
                Serialization.asYaml(Fixtures.route())
                        + "\n  proxy: {listeners: [{name: ws, port: 80}, {name: admin, port: 8443}]}",
                WebSocketRoute.class);
        Compiled compiled = (Compiled) RouteCompiler.compile(route, name -> Optional.of(Fixtures.CHAT));
        String hash = compiled.version().hash();
        Endpoint old = endpoint("p1", true);
        Endpoint fresh = endpoint("p2", true);
        Fixtures rolling = Fixtures.allWell().applied("p1", hash).applied("p2", hash);

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
                "1 of 2 ready proxies run the current configuration and have its listeners; missing somewhere: admin.");
        assertThat(before.proxies()).isEqualTo(new Proxies(2, 2, 1, "2/2"));
        assertThat(condition(after, Programmed).getStatus()).isEqualTo("True");
    }

    @Test
    void aConfigurationThatWaitsForSlicesIsNotProgrammed() {
        WebSocketRouteStatus status = status(Fixtures.compiled(), new Outcome.Waiting(), Fixtures.allWell());

        String sentence = "The configuration waits for the EndpointSlices of the pod selectors.";
        assertCondition(status, Programmed, "False", "Pending", sentence);
        assertCondition(status, Ready, "False", "Pending", sentence);
    }

    @Test
    void aMessageIsCutWhereItHelpsNobodyAnyMore() {
        Outcome endless = new Outcome.Failed("x".repeat(40_000), false);

        String message = condition(status(Fixtures.compiled(), endless, Fixtures.allWell()), Programmed)
                .getMessage();

        assertThat(message).hasSize(4096).startsWith("xxx").endsWith("x…");
    }

    @Test
    void nobodyIsProgrammedWithoutAReadyProxy() {
        assertCondition(
                status(Fixtures.compiled(), APPLIED, new Fixtures().deployment(2, 2, 0)),
                Programmed,
                "False",
                "NoReadyProxy",
                "None of 2 proxies is ready yet.");
    }

    @Test
    void aRefusalIsToldInTheProxysWords() {
        Fixtures refusing = Fixtures.allWell()
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
                "Proxy p2 refuses the configuration: listeners[0].port cannot be bound.");
    }

    @Test
    void aRefusalOfAnEarlierConfigurationIsHistory() {
        Fixtures recovered = Fixtures.allWell()
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
    void aReportThatCannotBeReadCountsAsNone() {
        assertCondition(
                status(Fixtures.compiled(), APPLIED, Fixtures.allWell().report("p2", "{half")),
                Programmed,
                "False",
                "Pending",
                "1 of 2 ready proxies run the current configuration.");
    }

    @Test
    void aMissingServiceIsNamedAndTheRouteIsNotReady() {
        WebSocketRouteStatus status = status(Fixtures.compiledWithoutService(), APPLIED, Fixtures.allWell());

        String sentence = "Service apps/chat does not exist.";
        assertCondition(status, Accepted, "True", "Accepted", "The route is valid.");
        assertCondition(status, ResolvedRefs, "False", "BackendNotFound", sentence);
        assertCondition(status, Ready, "False", "BackendNotFound", sentence);
        assertCondition(status, BackendsAvailable, "False", "NoReadyEndpoint", "Rule main has no ready endpoint.");
        assertThat(status.conditions()).noneMatch(c -> c.getType().equals("Stalled"));
    }

    @Test
    void readyDoesNotWaitForBackends() {
        Fixtures noBackend = Fixtures.allWell().backends(endpoint("b1", false), endpoint("b2", true, true));

        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, noBackend);

        assertCondition(
                status,
                BackendsAvailable,
                "False",
                "NoReadyEndpoint",
                "Rule main has no ready endpoint among service/chat:ws.");
        assertThat(condition(status, Ready).getStatus()).isEqualTo("True");
        assertThat(status.backends()).containsExactly(new Backend("service/chat:ws", 0, 1));
    }

    @Test
    void aRefusedRouteIsStalledAndItsProxiesGoOn() {
        Compilation refused = new Refused(Refused.Reason.Invalid, List.of("spec.a is wrong", "spec.b too"));

        WebSocketRouteStatus status = status(refused, new Outcome.NotTried(), Fixtures.allWell());

        String sentence = "spec.a is wrong; spec.b too.";
        assertCondition(status, Accepted, "False", "Invalid", sentence);
        assertCondition(status, Stalled, "True", "Invalid", sentence);
        assertCondition(status, Ready, "False", "Invalid", sentence);
        assertCondition(
                status,
                Programmed,
                "False",
                "NotAccepted",
                "The proxies go on with the last configuration that was accepted.");
        assertThat(condition(status, ResolvedRefs).getStatus()).isEqualTo("Unknown");
        assertThat(status.proxies()).isEqualTo(new Proxies(2, 2, 0, "2/2"));
    }

    @Test
    void anObjectInTheWayIsNamedAndTheRouteIsNotStalled() {
        Outcome conflict = new Outcome.Conflicting(List.of("Service apps/chat-proxy is not ours."));

        WebSocketRouteStatus status = status(Fixtures.compiled(), conflict, new Fixtures());

        assertCondition(status, Programmed, "False", "NameConflict", "Service apps/chat-proxy is not ours.");
        assertCondition(status, Ready, "False", "NameConflict", "Service apps/chat-proxy is not ours.");
        assertThat(status.conditions()).noneMatch(c -> c.getType().equals("Stalled"));
    }

    @Test
    void whatTheApiWillNeverTakeStallsTheRoute() {
        WebSocketRouteStatus forever =
                status(Fixtures.compiled(), new Outcome.Failed("Deployment is invalid.", true), new Fixtures());
        WebSocketRouteStatus passing =
                status(Fixtures.compiled(), new Outcome.Failed("Quota exceeded.", false), new Fixtures());

        assertCondition(forever, Stalled, "True", "ApplyFailed", "Deployment is invalid.");
        assertCondition(passing, Programmed, "False", "ApplyFailed", "Quota exceeded.");
        assertThat(passing.conditions()).noneMatch(c -> c.getType().equals("Stalled"));
    }

    @Test
    void aRouteScaledToZeroSaysSo() {
        WebSocketRoute route = Fixtures.route();
        WebSocketRoute zero =
                Serialization.unmarshal(Serialization.asYaml(route) + "\n  proxy: {replicas: 0}", WebSocketRoute.class);

        WebSocketRouteStatus status = factory.of(
                zero,
                Fixtures.compiled(),
                APPLIED,
                new Fixtures().deployment(0, 0, 0).observed());

        assertCondition(
                status, Programmed, "False", "ScaledToZero", "spec.proxy.replicas is 0, so nobody serves this route.");
        assertThat(status.proxies()).isEqualTo(new Proxies(0, 0, 0, "0/0"));
    }

    @Test
    void aTransitionTimeIsKeptWhileTheStatusStaysAndMovesWithIt() {
        WebSocketRoute route = Fixtures.route();
        route.setStatus(status(Fixtures.compiled(), APPLIED, Fixtures.allWell()));
        StatusFactory later = new StatusFactory(Clock.offset(clock, Duration.ofHours(1)));

        WebSocketRouteStatus after = later.of(
                route,
                Fixtures.compiled(),
                APPLIED,
                Fixtures.allWell().applied("p2", "older").observed());

        assertThat(condition(after, Accepted).getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(condition(after, Programmed).getLastTransitionTime()).isEqualTo("2026-01-02T04:04:05Z");
    }

    @Test
    void theSameObservationsGiveAnEqualStatus() {
        WebSocketRoute route = Fixtures.route();
        route.setStatus(status(Fixtures.compiled(), APPLIED, Fixtures.allWell()));
        StatusFactory later = new StatusFactory(Clock.offset(clock, Duration.ofHours(1)));

        WebSocketRouteStatus again =
                later.of(route, Fixtures.compiled(), APPLIED, Fixtures.allWell().observed());

        assertThat(again).isEqualTo(route.getStatus());
    }

    @Test
    void addressesAreTheLoadBalancersOrTheServicesName() {
        ServiceBuilder service = new ServiceBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withNamespace("apps")
                .endMetadata();

        assertThat(status(Fixtures.compiled(), APPLIED, Fixtures.allWell().service(service.build()))
                        .addresses())
                .containsExactly(new Address(Address.Type.Hostname, "chat-proxy.apps.svc"));

        service.withNewStatus()
                .withNewLoadBalancer()
                .addNewIngress()
                .withIp("192.0.2.1")
                .endIngress()
                .addNewIngress()
                .withHostname("lb.example.com")
                .endIngress()
                .endLoadBalancer()
                .endStatus();
        assertThat(status(Fixtures.compiled(), APPLIED, Fixtures.allWell().service(service.build()))
                        .addresses())
                .containsExactly(
                        new Address(Address.Type.IPAddress, "192.0.2.1"),
                        new Address(Address.Type.Hostname, "lb.example.com"));
    }

    private WebSocketRouteStatus status(Compilation compilation, Outcome outcome, Fixtures around) {
        return factory.of(Fixtures.route(), compilation, outcome, around.observed());
    }

    private static Condition condition(WebSocketRouteStatus status, ConditionType type) {
        return Conditions.find(Objects.requireNonNull(status.conditions()), type)
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    private static void assertCondition(
            WebSocketRouteStatus status, ConditionType type, String expected, String reason, String sentence) {
        Condition condition = condition(status, type);
        assertThat(condition.getStatus())
                .as(type + ": " + condition.getMessage())
                .isEqualTo(expected);
        assertThat(condition.getReason()).isEqualTo(reason);
        assertThat(condition.getMessage()).isEqualTo(sentence);
    }
}
