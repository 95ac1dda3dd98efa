// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import dev.wsroute.e2e.client.Fleet.Member;
import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Proxies keep old connections and accept new ones while other components fail. */
@Scenario
class StaticStabilityIT {

    @Test
    @DisplayName("I5: a restarted operator cuts nothing and rolls nothing")
    void theOperatorIsRestarted(Space space, SuiteCluster cluster) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        List<String> proxies = route.proxyNames();
        Fleet fleet = space.fleet(route.uri(), 10);

        cluster.stopOperator();
        fleet.grow(5);
        cluster.startOperator();
        route.apply(Spec.to("chat").idle("1h"));
        route.awaitReady();

        Closes.assertNone(fleet.members());
        assertThat(route.proxyNames()).isEqualTo(proxies);
    }

    @Test
    @DisplayName("I5: without the operator the proxy follows backend pods by itself")
    void theOperatorIsAbsentWhileEndpointsChange(Space space, SuiteCluster cluster) {
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat").roundRobin()).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 20);
        cluster.stopOperator();
        try {
            backend.scale(1);
            await("a leaving pod").until(() -> backend.stayingNames().size() == 1);
            Set<String> staying = Set.copyOf(backend.stayingNames());
            List<Member> leaving = fleet.members().stream()
                    .filter(member -> !staying.contains(member.backend()))
                    .toList();
            Closes.assertCode(Closes.await(leaving), 1012);
            fleet.reconnect();
            assertThat(Fleet.byBackend(fleet.members()).keySet()).isEqualTo(staying);

            backend.scale(2).awaitReady(2);
            Fleet newcomers = space.fleet(route.uri());
            await("a connection on the new pod").until(() -> {
                newcomers.grow(1);
                return Fleet.byBackend(newcomers.members()).size() == 2;
            });
            Closes.assertNone(fleet.members());
        } finally {
            cluster.startOperator();
        }
    }

    @Test
    @DisplayName("I5: while the operator crashes all goes on, and what was edited meanwhile is done when it is back")
    void theOperatorCrashesWhileMuchChanges(Space space, SuiteCluster cluster) {
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        List<Pod> proxies = route.proxies();
        Fleet elsewhere = space.fleet(Route.uriOf(proxies.get(1)), 10);

        try (CrashLoop crashes = new CrashLoop(cluster.operatorPods().get(0))) {
            crashes.begin();
            route.apply(Spec.to("chat").replicas(2).path("/pending/"));
            LocalProcess.ofPod(proxies.get(0)).kill();
            backend.scale(3).awaitReady(3);

            for (Pod proxy : proxies) {
                Fleet newcomers = space.fleet(Route.uriOf(proxy));
                await("a connection on the new pod")
                        .ignoreExceptionsInstanceOf(CompletionException.class)
                        .until(() -> {
                            newcomers.grow(1);
                            return Fleet.byBackend(newcomers.members()).size() == 3;
                        });
                Closes.assertNone(newcomers.members());
            }
            assertThat(route.currentCondition("Programmed"))
                    .as("nobody has seen the edit")
                    .isEmpty();
        }
        route.awaitReady();

        for (Pod proxy : proxies) {
            assertThat(space.fleet(Route.uriOf(proxy).resolve("/pending/")).grow(1))
                    .hasSize(1);
        }
        assertThat(route.proxyNames())
                .containsExactlyInAnyOrderElementsOf(proxies.stream()
                        .map(proxy -> proxy.getMetadata().getName())
                        .toList());
        Closes.assertNone(elsewhere.members());
    }

    @Test
    @DisplayName("I5: with the API server cut off, live connections stay and new ones are served")
    void theApiIsUnreachable(Space space, SuiteCluster cluster) {
        EmbeddedApi api = cluster.embeddedApi();
        space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        URI uri = route.uri();
        Fleet fleet = space.fleet(uri, 10);

        api.cutOff();
        try {
            Awaiting.quiet(Duration.ofSeconds(5), () -> {
                fleet.grow(1);
                Closes.assertNone(fleet.members());
            });
        } finally {
            api.restore();
        }

        route.apply(Spec.to("chat").idle("1h"));
        route.awaitReady();
        Closes.assertNone(fleet.members());
    }

    @Test
    @DisplayName("I5: when every watch has to begin anew, nothing is shed")
    void theWatchesExpire(Space space, SuiteCluster cluster) {
        EmbeddedApi api = cluster.embeddedApi();
        EchoBackend backend = space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat")).awaitReady();
        Fleet fleet = space.fleet(route.uri(), 10);

        api.expireWatches();
        backend.scale(3).awaitReady(3);

        Fleet newcomers = space.fleet(route.uri());
        await("a connection on the new pod").until(() -> {
            newcomers.grow(1);
            return Fleet.byBackend(newcomers.members()).size() == 3;
        });
        Closes.assertNone(fleet.members());
    }

    @Test
    @DisplayName("I5, I6: a proxy container that restarts while the API is away serves from what it kept")
    void aProxyRestartsWithoutTheApi(Space space, SuiteCluster cluster) {
        EmbeddedApi api = cluster.embeddedApi();
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").replicas(2)).awaitReady();
        List<Pod> proxies = route.proxies();
        // It learns of the backend before it loses the API. Storing that on disk takes less time than connecting
        // to another one.
        space.fleet(Route.uriOf(proxies.get(0)), 1);
        Fleet elsewhere = space.fleet(Route.uriOf(proxies.get(1)), 100);

        api.cutOff();
        try {
            LocalProcess.ofPod(proxies.get(0)).kill();

            Fleet again = space.fleet(Route.uriOf(proxies.get(0)));
            await("the restarted proxy")
                    .ignoreExceptions()
                    .until(() -> !again.grow(1).isEmpty());
            assertThat(again.members().get(0).connection().ask("hello").join()).isEqualTo("hello");
            Closes.assertNone(elsewhere.members());
        } finally {
            api.restore();
        }
        route.apply(Spec.to("chat").replicas(2).idle("1h"));
        route.awaitReady();
        Closes.assertNone(elsewhere.members());
    }
}
