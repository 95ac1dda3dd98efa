// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.listed;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.Documents.slices;
import static dev.wsroute.proxy.testkit.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.proxy.discovery.Absence;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.FakeConnection;
import dev.wsroute.proxy.testkit.TestEndpoints;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A configuration waits for the endpoints of its backends, and releases those that it no longer uses. */
class ConfigEndpointsTest extends ConfigFixture {

    @Test
    void aRouteToANewServiceIsNotSwappedInBeforeItsEndpointsAreKnown() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        found("chat", TestEndpoints.ready("pod"));

        assertThat(outcomes).containsExactly("applied 1", "applied 2");
        assertThat(target("any", "/")).isEqualTo("pod:80");
    }

    @Test
    void aServiceWhoseSlicesAreNotMadeYetIsWaitedFor() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));
        Objects.requireNonNull(fake("chat").sink).nothingKnown();
        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        found("chat", TestEndpoints.ready("pod"));

        assertThat(outcomes).containsExactly("applied 1", "applied 2");
        assertThat(target("any", "/")).isEqualTo("pod:80");
    }

    @Test
    void aProxyWhoseServicesHaveNoSlicesBecomesReadyAfterAWhile() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));
        Objects.requireNonNull(fake("chat").sink).nothingKnown();
        Awaitility.await().untilAsserted(() -> assertThat(outcomes).containsExactly("applied 1"));
        assertThat(applier.ready().toCompletableFuture()).isNotDone();

        control.advance(PATIENCE);

        assertThat(applier.ready().toCompletableFuture()).isDone();
    }

    @Test
    void endpointsThatNeverBecomeKnownHoldADocumentUpOnlyForAWhile() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));

        Awaitility.await().untilAsserted(() -> assertThat(outcomes).containsExactly("applied 1"));
        assertThat(applier.ready().toCompletableFuture()).isNotDone();
        assertThat(target("any", "/")).isNull();

        found("chat");
        assertThat(applier.ready().toCompletableFuture()).isDone();
    }

    @Test
    void ofDocumentsThatWaitTheNewestWins() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), slices("old"))))));
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), slices("new"))))));

        found("new", TestEndpoints.ready("n"));
        found("old", TestEndpoints.ready("o"));

        assertThat(outcomes).containsExactly("applied 2");
        assertThat(target("any", "/")).isEqualTo("n:80");
    }

    @Test
    void servicesAreWatchedOnceAndLetGoWhenNoRuleNeedsThem() {
        ProxyConfig both = config(
                route("r", List.of("a"), rule("x", List.of(), slices("chat")), rule("y", List.of(), slices("other"))),
                route("s", List.of("b"), rule("x", List.of(), slices("chat"))));
        applier.offer(text(1, both));
        found("chat");
        found("other");
        FakeSource chat = fake("chat");
        FakeSource other = fake("other");

        applier.offer(text(2, config(route("r", List.of("a"), rule("x", List.of(), slices("chat"))))));

        assertThat(fake("chat")).isSameAs(chat);
        assertThat(chat.closed).isFalse();
        assertThat(other.closed).isTrue();
    }

    @Test
    void theProxiesAreWatchedAsLongAsTheDocumentNamesThem() {
        RouteConfig route = route("r", List.of(), rule("x", List.of(), slices("chat")));
        applier.offer(text(
                1,
                ProxyConfig.named("test")
                        .listeners(List.of(ListenerConfig.http("ws", null, 0)))
                        .proxies(new EndpointSliceRef("apps", "chat", "ws"))
                        .routes(List.of(route))
                        .build()));
        found("chat", TestEndpoints.ready("pod"));
        FakeSource proxies = fakeProxies("chat");
        Objects.requireNonNull(proxies.sink).publish(List.of(TestEndpoints.ready("proxy")), Absence.TO_CONFIRM);

        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("pod:80");

        applier.offer(text(2, config(route)));
        assertThat(proxies.closed).isTrue();
        assertThat(fake("chat").closed).isFalse();
    }

    @Test
    void aServiceWithConnectionsIsWatchedUntilTheyHaveEnded() {
        applier.offer(text(1, config(route("r", List.of(), rule("x", List.of(), slices("chat"))))));
        found("chat", TestEndpoints.ready("pod"));
        EndpointLease live = Objects.requireNonNull(
                Objects.requireNonNull(snapshot.get().router().route(new Facts("any", "/")))
                        .endpoints()
                        .select(new Facts("any", "/"), Set.of()));

        applier.offer(text(2, config(route("r", List.of(), rule("x", List.of(), listed("a", 1, "10.0.0.1:80"))))));
        assertThat(fake("chat").closed).isFalse();
        live.release();
        applier.releaseUnused();

        assertThat(fake("chat").closed).isTrue();
        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void onlyTheConnectionsOfAnEndpointRemovedFromTheDocumentAreShed() {
        applier.offer(text(
                1, config(route("r", List.of(), rule("x", List.of(), listed("a", 1, "10.0.0.1:80", "10.0.0.2:80"))))));
        FakeConnection goes = new FakeConnection("r", "x", LISTED, new EndpointKey("10.0.0.1", 80));
        connections.add(goes);
        connections.add(new FakeConnection("r", "x", LISTED, new EndpointKey("10.0.0.2", 80)));

        applier.offer(text(2, config(route("r", List.of(), rule("x", List.of(), listed("a", 1, "10.0.0.2:80"))))));

        assertThat(shedder.calls()).hasSize(1);
        assertThat(shedder.calls().get(0).connections()).containsExactly(goes);
    }
}
