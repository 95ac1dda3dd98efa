// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import static dev.wsroute.operator.MockedReconciler.NAMESPACE;
import static org.awaitility.Awaitility.await;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.scaling.ScalingObserver;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted of routes ends with them, though no other route is reconciled. */
class DeletedRouteOnMockTest {

    private final AtomicReference<IntSupplier> scaled = new AtomicReference<>(() -> -1);
    private final MockedReconciler mocked = new MockedReconciler()
            .observedBy(new ScalingObserver() {
                @Override
                public void scaled(int from, int to) {}

                @Override
                public void watch(IntSupplier all, IntSupplier limited, IntSupplier stale) {
                    scaled.set(all);
                }
            })
            .start();

    @AfterEach
    void stop() {
        mocked.close();
    }

    @Test
    void aRouteWithAutoscalingIsCountedUntilItIsDeleted() {
        WebSocketRoute route = mocked.api
                .client()
                .resource(Serialization.unmarshal("""
                        apiVersion: wsroute.dev/v1alpha1
                        kind: WebSocketRoute
                        metadata: {name: chat, namespace: %s}
                        spec:
                          rules:
                          - name: main
                            backendRefs:
                            - service: {name: chat, port: ws}
                          proxy:
                            autoscaling: {minReplicas: 1, maxReplicas: 9, connectionsPerProxy: 100}
                        """.formatted(NAMESPACE), WebSocketRoute.class))
                .create();
        await().until(() -> scaled.get().getAsInt() == 1);

        mocked.api.client().resource(route).delete();

        await().until(() -> scaled.get().getAsInt() == 0);
    }
}
