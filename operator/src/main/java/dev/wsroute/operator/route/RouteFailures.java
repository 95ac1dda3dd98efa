package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.cache.Head;
import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.resources.OwnedObject;
import dev.wsroute.operator.resources.Ownership;
import dev.wsroute.operator.status.Outcome;
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
 * What follows when a route cannot be reconciled: what is said, once, and when it is tried again. What passes by itself is
 * tried again soon, what only an edit can mend after long pauses, and what is in a namespace that goes never.
 */
final class RouteFailures {

    private static final Logger LOG = LoggerFactory.getLogger(RouteReconciler.class);

    private final RouteStatus status;
    private final Departed departed;
    private final Stalls stalls;
    private final FailureLog log;

    RouteFailures(RouteStatus status, Clock clock) {
        this.status = status;
        this.departed = new Departed(clock);
        this.stalls = new Stalls(clock);
        this.log = new FailureLog(LOG, clock);
    }

    /** Whether the route is left alone, since its namespace is being deleted. */
    boolean isDeparted(WebSocketRoute route) {
        return departed.contains(uid(route));
    }

    /**
     * What came of the last attempt to write the objects, where another one would be the same and too early.
     *
     * @param settled whether the configuration may be written
     */
    Optional<Outcome.Failed> known(
            WebSocketRoute route, Compiled compiled, boolean settled, Context<WebSocketRoute> context) {
        return stalls.known(uid(route), attempt(route, compiled, settled, context));
    }

    /** The API considers objects of the route invalid. */
    Outcome.Failed invalid(
            WebSocketRoute route,
            Compiled compiled,
            boolean settled,
            Context<WebSocketRoute> context,
            RuntimeException e) {
        Outcome.Failed failure = ApplyFailures.outcome(e);
        stalls.add(uid(route), attempt(route, compiled, settled, context), failure);
        log.tell(
                uid(route),
                e,
                failure,
                "Only an edit is likely to help; trying again after "
                        + pause(route).toMinutes() + " minutes and more");
        return failure;
    }

    private static Stalls.Attempt attempt(
            WebSocketRoute route, Compiled compiled, boolean settled, Context<WebSocketRoute> context) {
        return new Stalls.Attempt(
                Objects.requireNonNullElse(route.getMetadata().getGeneration(), 0L),
                compiled.version().hash(),
                settled,
                Ownership.known(route, OwnedObject.of(route.getMetadata().getName(), compiled), context));
    }

    /** When a route that only an edit can mend is tried again; zero for any other. */
    Duration pause(WebSocketRoute route) {
        return stalls.left(uid(route));
    }

    /** It was reconciled, whatever came of it. */
    void passed(WebSocketRoute route, Outcome outcome) {
        if (!(outcome instanceof Outcome.Failed)) {
            stalls.remove(uid(route));
            log.clear(uid(route));
        }
    }

    /**
     * Anything was thrown.
     *
     * @param compilation compiles the route again
     * @return whether, and when, it is tried again
     */
    ErrorStatusUpdateControl<WebSocketRoute> thrown(
            WebSocketRoute route, Context<WebSocketRoute> context, Exception e, Supplier<Compilation> compilation) {
        ErrorStatusUpdateControl<WebSocketRoute> retried = ErrorStatusUpdateControl.noStatusUpdate();
        if (ApplyFailures.isEndOfNamespace(e)) {
            LOG.debug("The namespace is being deleted; the route is left alone", e);
            departed.add(uid(route));
            return retried.withNoRetry();
        }
        SetAside aside = SetAside.in(e);
        if (aside != null) {
            return retried.rescheduleAfter(setAside(route, context, aside));
        }
        boolean first = context.getRetryInfo()
                .map(retry -> retry.getAttemptCount() == 0)
                .orElse(true);
        Outcome.Failed failure = ApplyFailures.outcome(e);
        if (first && ApplyFailures.isPassing(e)) {
            LOG.debug("{} Trying again", failure.sentence());
            return retried;
        }
        log.tell(uid(route), e, failure, "Trying again with pauses of up to a minute");
        if (!Head.isHead(route)) {
            status.write(route, compilation.get(), failure, context);
        }
        return retried;
    }

    private Duration setAside(WebSocketRoute route, Context<WebSocketRoute> context, SetAside aside) {
        Outcome.Failed failure = new Outcome.Failed(String.valueOf(aside.getMessage()), true);
        stalls.addUnforeseen(uid(route), route.getMetadata().getGeneration(), failure);
        log.tell(uid(route), aside, failure, "Trying again with growing pauses");
        status.write(route, aside.refusal(), new Outcome.NotTried(), context);
        return stalls.left(uid(route));
    }

    private static String uid(WebSocketRoute route) {
        return route.getMetadata().getUid();
    }
}
