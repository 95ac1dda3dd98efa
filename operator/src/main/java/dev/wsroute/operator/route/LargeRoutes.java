// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import com.fasterxml.jackson.core.JacksonException;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Reconciles routes that are too large to be cached. They are read from the API one at a time, so that many of them take
 * no more memory than one; a thread that gets no permit retries later instead of waiting. Events of the objects that they
 * refer to cannot be mapped to them, so they are also reconciled every few minutes.
 */
final class LargeRoutes {

    private static final Duration RECHECK = Duration.ofMinutes(2);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Semaphore permit = new Semaphore(1);

    /**
     * Reads and reconciles the route of which only {@code partial} is cached.
     *
     * @param reconcile reconciles the route and returns after what time to reconcile it again; zero: never
     * @return after what time to reconcile the route again; zero: never
     */
    Duration reconcile(WebSocketRoute partial, KubernetesClient client, Function<WebSocketRoute, Duration> reconcile) {
        if (!permit.tryAcquire()) {
            return RETRY.plusMillis(ThreadLocalRandom.current().nextLong(RETRY.toMillis()));
        }
        try {
            Optional<WebSocketRoute> route = read(partial, client);
            if (route.isEmpty()) {
                return Duration.ZERO;
            }
            Duration next = reconcile.apply(route.get());
            return next.isZero() || next.compareTo(RECHECK) > 0 ? RECHECK : next;
        } finally {
            permit.release();
        }
    }

    private static Optional<WebSocketRoute> read(WebSocketRoute partial, KubernetesClient client) {
        try {
            return Optional.ofNullable(client.resources(WebSocketRoute.class)
                    .inNamespace(partial.getMetadata().getNamespace())
                    .withName(partial.getMetadata().getName())
                    .get());
        } catch (KubernetesClientException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof JacksonException) {
                    throw new UnprocessableRouteException(cause);
                }
            }
            throw e;
        }
    }
}
