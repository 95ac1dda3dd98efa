// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.ConditionType.Accepted;
import static dev.wsroute.operator.status.ConditionType.BackendsAvailable;
import static dev.wsroute.operator.status.ConditionType.Programmed;
import static dev.wsroute.operator.status.ConditionType.Ready;
import static dev.wsroute.operator.status.ConditionType.ResolvedRefs;
import static dev.wsroute.operator.status.ConditionType.Stalled;
import static dev.wsroute.operator.status.Fixtures.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Address;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Backend;
import dev.wsroute.api.v1alpha1.WebSocketRouteStatus.Proxies;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.RouteCompiler;
import dev.wsroute.operator.testkit.OwnNamespace;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusFactoryTest extends StatusFactoryFixture {

    @Test
    void aRouteIsReadyOnceItsProxiesRunIt() {
        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, Fixtures.healthy());

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
    void policiesThatAffectARouteAreNamedUnderTheirOwnCondition() {
        WebSocketRouteStatus status = factory.of(
                Fixtures.route(),
                Fixtures.compiled(),
                APPLIED,
                Fixtures.healthy().observed(),
                null,
                Map.of("pages", List.of("main", "side")),
                List.of());

        assertThat(status.conditions())
                .filteredOn(condition -> condition.getType().equals("wsroute.dev/WebSocketPolicyAffected"))
                .singleElement()
                .satisfies(condition -> assertThat(condition)
                        .returns("True", Condition::getStatus)
                        .returns("PolicyAffected", Condition::getReason)
                        .returns("WebSocketPolicy pages says who may connect to: main, side.", Condition::getMessage));
        assertThat(Transition.between(null, status))
                .extracting(Transition::reason)
                .contains("PolicyAffected");
    }

    @Test
    void aLongMessageIsTruncated() {
        ApplyOutcome endless = new ApplyOutcome.Failed("x".repeat(40_000), false);

        String message = condition(status(Fixtures.compiled(), endless, Fixtures.healthy()), Programmed)
                .getMessage();

        assertThat(message).hasSize(4096).startsWith("xxx").endsWith("x…");
    }

    @Test
    void aMissingServiceIsReportedAndTheRouteIsNotReady() {
        WebSocketRouteStatus status = status(Fixtures.compiledWithoutService(), APPLIED, Fixtures.healthy());

        String sentence = "Service apps/chat does not exist.";
        assertCondition(status, Accepted, "True", "Accepted", "The route is valid.");
        assertCondition(status, ResolvedRefs, "False", "BackendNotFound", sentence);
        assertCondition(status, Ready, "False", "BackendNotFound", sentence);
        assertCondition(status, BackendsAvailable, "False", "NoReadyEndpoint", "Rule main has no ready endpoint.");
        assertThat(status.conditions()).noneMatch(c -> c.getType().equals("Stalled"));
    }

    @Test
    void readyDoesNotWaitForBackends() {
        Fixtures noBackend = Fixtures.healthy().backends(endpoint("b1", false), endpoint("b2", true, true));

        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, noBackend);

        assertCondition(
                status,
                BackendsAvailable,
                "False",
                "NoReadyEndpoint",
                "Rule main has no ready endpoint in service/chat:ws.");
        assertThat(condition(status, Ready).getStatus()).isEqualTo("True");
        assertThat(status.backends()).containsExactly(new Backend("service/chat:ws", 0, 1));
    }

    @Test
    void aPodOfTwoBackendsIsCountedOnce() {
        WebSocketRoute route = Fixtures.route();
        route.setSpec(Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                    - service: {name: live, port: ws}
                """, WebSocketRoute.class).getSpec());
        Compilation both =
                RouteCompiler.compile(route, name -> Optional.of(Fixtures.CHAT), OwnNamespace.ONLY, Map.of());

        WebSocketRouteStatus status =
                factory.of(route, both, APPLIED, Fixtures.healthy().observed());

        assertThat(status.readyEndpoints()).isEqualTo(1);
        assertThat(status.backends())
                .containsExactly(new Backend("service/chat:ws", 1, 0), new Backend("service/live:ws", 1, 0));
    }

    @Test
    void terminatingEndpointsThatStillServeAreAvailableIfThereAreNoOthers() {
        Fixtures leaving = Fixtures.healthy().backends(endpoint("b1", true, true));

        WebSocketRouteStatus status = status(Fixtures.compiled(), APPLIED, leaving);

        assertCondition(
                status,
                BackendsAvailable,
                "True",
                "EndpointsTerminating",
                "All endpoints of rule main are terminating; new connections go to those still serving.");
    }

    @Test
    void aRejectedRouteIsStalledAndItsProxiesKeepRunning() {
        Compilation refused = new Refused(Refused.RefusalReason.Invalid, List.of("spec.a is wrong", "spec.b too"));

        WebSocketRouteStatus status = status(refused, new ApplyOutcome.NotAttempted(), Fixtures.healthy());

        String sentence = "spec.a is wrong; spec.b too.";
        assertCondition(status, Accepted, "False", "Invalid", sentence);
        assertCondition(status, Stalled, "True", "Invalid", sentence);
        assertCondition(status, Ready, "False", "Invalid", sentence);
        assertCondition(
                status,
                Programmed,
                "False",
                "NotAccepted",
                "The proxies keep the last configuration that was accepted.");
        assertThat(condition(status, ResolvedRefs).getStatus()).isEqualTo("Unknown");
        assertThat(status.proxies()).isEqualTo(new Proxies(2, 2, 0, "2/2"));
    }

    @Test
    void aConflictingObjectIsReportedAndTheRouteIsNotStalled() {
        ApplyOutcome conflict = new ApplyOutcome.Conflicting(List.of("Service apps/chat-proxy is not ours."));

        WebSocketRouteStatus status = status(Fixtures.compiled(), conflict, new Fixtures());

        assertCondition(status, Programmed, "False", "NameConflict", "Service apps/chat-proxy is not ours.");
        assertCondition(status, Ready, "False", "NameConflict", "Service apps/chat-proxy is not ours.");
        assertThat(status.conditions()).noneMatch(c -> c.getType().equals("Stalled"));
    }

    @Test
    void anObjectThatTheApiNeverAcceptsStallsTheRoute() {
        WebSocketRouteStatus forever =
                status(Fixtures.compiled(), new ApplyOutcome.Failed("Deployment is invalid.", true), new Fixtures());
        WebSocketRouteStatus passing =
                status(Fixtures.compiled(), new ApplyOutcome.Failed("Quota exceeded.", false), new Fixtures());

        assertCondition(forever, Stalled, "True", "ApplyFailed", "Deployment is invalid.");
        assertCondition(passing, Programmed, "False", "ApplyFailed", "Quota exceeded.");
        assertThat(passing.conditions()).noneMatch(c -> c.getType().equals("Stalled"));
    }

    @Test
    void aTransitionTimeChangesOnlyWithTheStatus() {
        WebSocketRoute route = Fixtures.route();
        route.setStatus(status(Fixtures.compiled(), APPLIED, Fixtures.healthy()));
        StatusFactory later = new StatusFactory(Clock.offset(clock, Duration.ofHours(1)), false);

        WebSocketRouteStatus after = later.of(
                route,
                Fixtures.compiled(),
                APPLIED,
                Fixtures.healthy().applied("p2", "older").observed());

        assertThat(condition(after, Accepted).getLastTransitionTime()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(condition(after, Programmed).getLastTransitionTime()).isEqualTo("2026-01-02T04:04:05Z");
    }

    @Test
    void theSameObservationsGiveAnEqualStatus() {
        WebSocketRoute route = Fixtures.route();
        route.setStatus(status(Fixtures.compiled(), APPLIED, Fixtures.healthy()));
        StatusFactory later = new StatusFactory(Clock.offset(clock, Duration.ofHours(1)), false);

        WebSocketRouteStatus again =
                later.of(route, Fixtures.compiled(), APPLIED, Fixtures.healthy().observed());

        assertThat(again).isEqualTo(route.getStatus());
    }

    @Test
    void addressesAreTheLoadBalancersOrTheServicesName() {
        ServiceBuilder service = new ServiceBuilder()
                .withNewMetadata()
                .withName("chat-proxy")
                .withNamespace("apps")
                .endMetadata();

        assertThat(status(Fixtures.compiled(), APPLIED, Fixtures.healthy().service(service.build()))
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
        assertThat(status(Fixtures.compiled(), APPLIED, Fixtures.healthy().service(service.build()))
                        .addresses())
                .containsExactly(
                        new Address(Address.Type.IPAddress, "192.0.2.1"),
                        new Address(Address.Type.Hostname, "lb.example.com"));
    }
}
