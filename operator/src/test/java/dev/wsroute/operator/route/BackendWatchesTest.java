// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.junit.jupiter.api.Test;

class BackendWatchesTest {

    private final WebSocketRoute route = Serialization.unmarshal("""
            apiVersion: wsroute.dev/v1alpha1
            kind: WebSocketRoute
            metadata: {name: chat, namespace: apps}
            spec:
              rules:
              - name: one
                backendRefs:
                - service: {name: a, port: ws}
                - podSelector: {matchLabels: {app: chat}}
                  port: 80
              - name: two
                backendRefs:
                - service: {name: a, port: http}
                - service: {name: b, port: ws}
                - service: {name: a, port: ws}
                  namespace: shared
            """, WebSocketRoute.class);

    @Test
    void aRouteIsReconciledWhenItsBackendsSelectorsOrOwnProxiesChange() {
        assertThat(BackendWatches.keys(route))
                .hasSize(5)
                .contains("apps/a", "apps/b", "shared/a", "apps/chat-proxy")
                .anyMatch(key -> key.startsWith("apps/wsroute-"))
                .doesNotHaveDuplicates();
    }

    @Test
    void itsSecondaryServicesAreThoseInItsSpec() {
        assertThat(BackendWatches.namedServices(route))
                .containsExactlyInAnyOrder(
                        new ResourceID("a", "apps"), new ResourceID("b", "apps"), new ResourceID("a", "shared"));
    }
}
