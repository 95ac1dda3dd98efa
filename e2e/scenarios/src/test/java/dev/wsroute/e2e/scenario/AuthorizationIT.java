// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.client.Fleet;
import io.fabric8.kubernetes.api.model.Service;
import org.junit.jupiter.api.Test;

/** A Service of the route's namespace decides who may connect (ADR 55). */
@Scenario
class AuthorizationIT {

    /** The sample backend answers every plain request with 200. */
    private static final String ASKS =
            "access: {external: {service: {name: auth, port: ws}, path: /healthz, headersToService: []}}";

    @Test
    void theServiceIsFoundWhenItComesAndMissedWhenItGoes(Space space) {
        space.backend("chat", 1);
        Route route = space.apply("chat", Spec.to("chat").rule(ASKS));
        assertThat(route.awaitCondition("ResolvedRefs", "False").getMessage())
                .contains("Service " + space.namespace() + "/auth does not exist");
        awaitRefused(space, route);

        space.backend("auth", 1);
        route.awaitReady();
        Fleet fleet = space.fleet(route.uri());
        await("a WebSocket that the service lets pass")
                .ignoreExceptions()
                .until(() -> !fleet.grow(1).isEmpty());

        space.client()
                .resources(Service.class)
                .inNamespace(space.namespace())
                .withName("auth")
                .delete();
        route.awaitCondition("ResolvedRefs", "False");
        awaitRefused(space, route);
        Closes.assertNone(fleet.members());
    }

    private static void awaitRefused(Space space, Route route) {
        route.awaitCondition("Programmed", "True");
        await("a refusal")
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(space.testClient().refusal(route.uri()).status())
                                .isEqualTo(503));
    }
}
