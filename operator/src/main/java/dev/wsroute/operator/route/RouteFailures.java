// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.PartialObject;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.resources.OwnedObject;
import dev.wsroute.operator.resources.OwnershipCheck;
import dev.wsroute.operator.status.ApplyOutcome;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles routes that cannot be reconciled: decides what is logged and when the next attempt follows. Transient failures are
 * retried soon, failures that only an edit can fix after long pauses, and routes in a terminating namespace never.
 */
final class RouteFailures {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReconciler.class);

    private final RouteStatus status;
    private final TerminatingRoutes departed;
    private final Stalls stalls;
    private final FailureLog log;

    RouteFailures(RouteStatus status, Clock clock) {
        this.status = status;
        this.departed = new TerminatingRoutes(clock);
        this.stalls = new Stalls(clock);
        this.log = new FailureLog(LOG, clock);
    }

    /** Whether the route is ignored because its namespace is being deleted. */
    boolean isTerminating(WebSocketRoute route) {
        return departed.contains(uid(route));
    }

    /**
     * The failure of the last attempt to write the objects, if nothing has changed since and it is too early to retry.
     *
     * @param settled whether the configuration may be written
     */
    Optional<ApplyOutcome.Failed> known(
            WebSocketRoute route, Compiled compiled, boolean settled, Context<WebSocketRoute> context) {
        return stalls.known(uid(route), attempt(route, compiled, settled, context));
    }

    /** Handles the API's rejection of invalid objects. */
    ApplyOutcome.Failed invalid(
            WebSocketRoute route,
            Compiled compiled,
            boolean settled,
            Context<WebSocketRoute> context,
            RuntimeException e) {
        ApplyOutcome.Failed failure = ApplyFailures.outcome(e);
        stalls.add(uid(route), attempt(route, compiled, settled, context), failure);
        log.report(
                uid(route),
                e,
                failure,
                "Only an edit is likely to help; retrying in " + pause(route).toMinutes()
                        + " minutes, then less often");
        return failure;
    }

    private static Stalls.Attempt attempt(
            WebSocketRoute route, Compiled compiled, boolean settled, Context<WebSocketRoute> context) {
        return new Stalls.Attempt(
                Objects.requireNonNullElse(route.getMetadata().getGeneration(), 0L),
                compiled.version().hash(),
                settled,
                OwnershipCheck.known(route, OwnedObject.of(route.getMetadata().getName(), compiled), context));
    }

    /** When a stalled route is retried; zero for any other. */
    Duration pause(WebSocketRoute route) {
        return stalls.remaining(uid(route));
    }

    /** Called after each reconciliation that threw nothing. */
    void reconciled(WebSocketRoute route, ApplyOutcome outcome) {
        if (!(outcome instanceof ApplyOutcome.Failed)) {
            stalls.remove(uid(route));
            log.clear(uid(route));
        }
    }

    /**
     * Handles an exception of a reconciliation.
     *
     * @param compilation compiles the route again
     * @return whether and when the framework retries
     */
    ErrorStatusUpdateControl<WebSocketRoute> failed(
            WebSocketRoute route, Context<WebSocketRoute> context, Exception e, Supplier<Compilation> compilation) {
        ErrorStatusUpdateControl<WebSocketRoute> retried = ErrorStatusUpdateControl.noStatusUpdate();
        if (ApplyFailures.isNamespaceTerminating(e)) {
            LOG.debug("The namespace is being deleted; ignoring the route", e);
            departed.add(uid(route));
            return retried.withNoRetry();
        }
        UnprocessableRouteException unprocessable = UnprocessableRouteException.in(e);
        if (unprocessable != null) {
            return retried.rescheduleAfter(unprocessable(route, context, unprocessable));
        }
        boolean first = context.getRetryInfo()
                .map(retry -> retry.getAttemptCount() == 0)
                .orElse(true);
        ApplyOutcome.Failed failure = ApplyFailures.outcome(e);
        if (first && ApplyFailures.isTransient(e)) {
            LOG.debug("{} Retrying", failure.sentence());
            return retried;
        }
        log.report(uid(route), e, failure, "Retrying with a backoff of up to a minute");
        if (!PartialObject.isPartial(route)) {
            status.write(route, compilation.get(), failure, context);
        }
        return retried;
    }

    private Duration unprocessable(
            WebSocketRoute route, Context<WebSocketRoute> context, UnprocessableRouteException unprocessable) {
        ApplyOutcome.Failed failure = new ApplyOutcome.Failed(String.valueOf(unprocessable.getMessage()), true);
        stalls.addUnforeseen(uid(route), route.getMetadata().getGeneration(), failure);
        log.report(uid(route), unprocessable, failure, "Retrying with growing backoff");
        status.write(route, unprocessable.refusal(), new ApplyOutcome.NotAttempted(), context);
        return stalls.remaining(uid(route));
    }

    private static String uid(WebSocketRoute route) {
        return route.getMetadata().getUid();
    }
}
