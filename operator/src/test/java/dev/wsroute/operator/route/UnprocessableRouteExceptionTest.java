// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.ObjectMappers;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.jwks.KeySetSettings;
import dev.wsroute.operator.jwks.KeySetWatch;
import dev.wsroute.operator.limits.CurrentLimits;
import dev.wsroute.operator.policies.CurrentPolicies;
import dev.wsroute.operator.scaling.ScalingObserver;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Routes that cause unforeseen exceptions. */
class UnprocessableRouteExceptionTest {

    private final Autoscaler autoscaler = new Autoscaler(Clock.systemUTC(), ScalingObserver.NONE);
    private final CurrentPolicies policies = new CurrentPolicies();
    private final KeySetWatch watch = new KeySetWatch(KeySetSettings.DEFAULT, Clock.systemUTC(), () -> true);
    private final RouteReconciler reconciler = new RouteReconciler(
            "image",
            Set.of(),
            new CurrentLimits("wsroute-system", "wsroute-limits"),
            policies,
            watch,
            new RouteStatus(Clock.systemUTC(), false, autoscaler, policies, watch, () -> false),
            autoscaler,
            Clock.systemUTC(),
            () -> true,
            () -> false);

    @Test
    void anErrorIsWrappedSoThatTheFrameworkRetries() {
        for (Throwable thrown : new Throwable[] {
            new StackOverflowError(), new OutOfMemoryError("of a buffer"), new IllegalStateException("odd")
        }) {
            assertThatThrownBy(() -> reconciler.reconcile(route(), failing(thrown)))
                    .isInstanceOf(UnprocessableRouteException.class)
                    .hasCause(thrown);
        }
    }

    @Test
    void anErrorOfTheApiDoesNotMakeARouteUnprocessable() {
        assertThatThrownBy(() -> reconciler.reconcile(route(), failing(new KubernetesClientException("busy"))))
                .isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void aFailureToReportItIsNotFatal() {
        assertThat(reconciler
                        .updateErrorStatus(
                                route(),
                                failing(new StackOverflowError()),
                                new UnprocessableRouteException(new StackOverflowError()))
                        .getResource())
                .isEmpty();
    }

    @Test
    void theReportIsOneShortLine() {
        Refused refused = new UnprocessableRouteException(new IllegalStateException("a\u001b[31m\n" + "b".repeat(1000)))
                .refusal();

        assertThat(refused.reason()).isEqualTo(Refused.RefusalReason.Unprocessable);
        assertThat(refused.problems())
                .containsExactly("The operator cannot process this route (IllegalStateException: a?[31m); it retries"
                        + " with growing backoff, and the proxies keep their last configuration");
        assertThat(new UnprocessableRouteException(new StackOverflowError("x".repeat(5000)))
                        .refusal()
                        .problems()
                        .get(0))
                .hasSizeLessThan(400);
    }

    /** The CRD is applied before the operator is updated, and the API sets the defaults of its new fields at once. */
    @Test
    void aFieldOfANewerCrdIsReported() {
        Throwable unknown = catchThrowable(() -> ObjectMappers.create().readValue("""
                {"apiVersion": "wsroute.dev/v1alpha1", "kind": "WebSocketRoute", "metadata": {"name": "chat"},
                 "spec": {"proxy": {"listeners": [{"name": "ws", "port": 80, "colour": "red"}]}}}
                """, WebSocketRoute.class));

        assertThat(new UnprocessableRouteException(unknown).refusal().problems())
                .containsExactly("The operator cannot process this route (the field spec.proxy.listeners[0].colour is"
                        + " unknown to this operator, which is older than the CRD); it retries with growing"
                        + " backoff, and the proxies keep their last configuration");
    }

    @Test
    void itIsFoundInsideTheFrameworksException() {
        UnprocessableRouteException aside = new UnprocessableRouteException(new StackOverflowError());

        assertThat(UnprocessableRouteException.in(new IllegalStateException(aside)))
                .isSameAs(aside);
        assertThat(UnprocessableRouteException.in(new IllegalStateException("other")))
                .isNull();
    }

    private static WebSocketRoute route() {
        return Serialization.unmarshal("""
                apiVersion: wsroute.dev/v1alpha1
                kind: WebSocketRoute
                metadata: {name: chat, namespace: apps, generation: 3, uid: u}
                spec:
                  rules:
                  - name: main
                    backendRefs:
                    - service: {name: chat, port: ws}
                """, WebSocketRoute.class);
    }

    @SuppressWarnings("unchecked")
    private static Context<WebSocketRoute> failing(Throwable thrown) {
        return (Context<WebSocketRoute>) Proxy.newProxyInstance(
                UnprocessableRouteExceptionTest.class.getClassLoader(), new Class<?>[] {Context.class}, (p, m, a) -> {
                    throw thrown;
                });
    }
}
