// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** New endpoints, and broken ones. */
@Scenario
class EndpointHealthIT {

    /** Reserved for documentation (RFC 5737), so it belongs to no host. */
    private static final String NOBODY = "192.0.2.1";

    @Test
    @DisplayName("I1: a new pod takes its first connections at once, and not all of them while it is new")
    void aNewPodStartsSlowly(Space space) {
        EchoBackend backend = space.backend("chat", 1);
        Route route = space.apply("chat", slowStart("10m")).awaitReady();
        Fleet old = space.fleet(route.uri(), 100);
        String first = backend.stayingNames().get(0);

        backend.scale(2).awaitReady(2);
        String second = backend.stayingNames().stream()
                .filter(name -> !name.equals(first))
                .findFirst()
                .orElseThrow();
        route.await(
                "two endpoints in the status", current -> current.getStatus().readyEndpoints() == 2);
        Fleet during = space.fleet(route.uri(), 200);

        // Without slow start it would get the first hundred; with it, it gets one in twenty.
        assertThat(Fleet.byBackend(during.members()).get(second)).isBetween(1L, 40L);

        route.apply(slowStart("0s"));
        route.awaitReady();
        Fleet after = space.fleet(route.uri(), 20);
        assertThat(Fleet.byBackend(after.members())).containsOnlyKeys(second);
        Closes.assertNone(old.members());
        Closes.assertNone(during.members());
    }

    @Test
    void anUnreachableEndpointFailsNoClientAndIsEjected(Space space) throws Exception {
        space.backend("chat", 2);
        Route route = space.apply("chat", Spec.to("chat").roundRobin().rule("timeouts: {connect: 300ms}"))
                .awaitReady();
        Pod proxy = route.proxies().get(0);
        space.client()
                .resource(new EndpointSliceBuilder()
                        .withNewMetadata()
                        .withNamespace(space.namespace())
                        .withName("chat-broken")
                        .addToLabels("kubernetes.io/service-name", "chat")
                        .endMetadata()
                        .withAddressType("IPv4")
                        .addNewPort()
                        .withName("ws")
                        .withPort(8010)
                        .endPort()
                        .addNewEndpoint()
                        .withAddresses(NOBODY)
                        .withNewConditions()
                        .withReady(true)
                        .endConditions()
                        .endEndpoint()
                        .build())
                .create();

        Fleet fleet = space.fleet(Route.uriOf(proxy));
        await("the endpoint is left out").until(() -> {
            fleet.grow(3);
            return metrics(proxy).lines().anyMatch(line -> line.matches("wsroute_ejections_total\\{.*} [1-9].*"));
        });

        assertThat(Fleet.byBackend(fleet.members())).hasSize(2);
        Closes.assertNone(fleet.members());
    }

    private static Spec slowStart(String duration) {
        return Spec.to("chat").rule("loadBalancing: {type: LeastConnections, slowStart: " + duration + "}");
    }

    private static String metrics(Pod proxy) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + proxy.getStatus().getPodIP() + ":9901/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
