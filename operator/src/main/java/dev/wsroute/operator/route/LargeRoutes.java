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
 * Reconciles routes that are too large to be held. They are read from the API one at a time, so that many of them cost
 * no more memory than one, and no thread waits for its turn. The objects that they refer to are unknown in between, so
 * they are reconciled again every few minutes.
 */
final class LargeRoutes {

    private static final Duration AGAIN = Duration.ofMinutes(2);
    private static final Duration TURN = Duration.ofSeconds(1);

    private final Semaphore turn = new Semaphore(1);

    /**
     * Reconciles the route of which {@code head} is held.
     *
     * @param work returns when the route has to be reconciled again; zero: never
     * @return the same, and sooner
     */
    Duration work(WebSocketRoute head, KubernetesClient client, Function<WebSocketRoute, Duration> work) {
        if (!turn.tryAcquire()) {
            return TURN.plusMillis(ThreadLocalRandom.current().nextLong(TURN.toMillis()));
        }
        try {
            Optional<WebSocketRoute> route = read(head, client);
            if (route.isEmpty()) {
                return Duration.ZERO;
            }
            Duration next = work.apply(route.get());
            return next.isZero() || next.compareTo(AGAIN) > 0 ? AGAIN : next;
        } finally {
            turn.release();
        }
    }

    private static Optional<WebSocketRoute> read(WebSocketRoute head, KubernetesClient client) {
        try {
            return Optional.ofNullable(client.resources(WebSocketRoute.class)
                    .inNamespace(head.getMetadata().getNamespace())
                    .withName(head.getMetadata().getName())
                    .get());
        } catch (KubernetesClientException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof JacksonException) {
                    throw new SetAside(cause);
                }
            }
            throw e;
        }
    }
}
