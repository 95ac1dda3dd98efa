// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.access.ClientShares;
import dev.wsroute.proxy.authz.ServiceFailure.Blame;
import dev.wsroute.proxy.clientaddress.ClientKey;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.metrics.AuthorizationOutcome;
import dev.wsroute.proxy.metrics.AuthorizationSource;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service for the connections of one event loop: equal requests once, and not at all while the service fails or has answered
 * lately.
 */
final class LoopChecks implements ServiceConnections.Listener {

    private final EventLoop loop;
    private final AuthorizationTerms terms;
    private final Supplier<ActiveRule> service;
    private final AnswerReader reader;
    private final Breaker breaker;
    private final AnswerCache cache;
    private final RecheckQueue rechecks;
    private final ServiceConnections connections;
    private final Map<Fingerprint, PendingCheck> pending = new HashMap<>();

    /** Divides connections and places in the queue. Clients may be gone, and with them what else bounds their requests. */
    private final ClientShares places;

    /** Divides the heap that pending subrequests take. */
    private final ClientShares bytes;

    /** @param service the service as a rule's only backend, in the newest configuration */
    LoopChecks(EventLoop loop, AuthorizationTerms terms, Supplier<ActiveRule> service) {
        this.loop = loop;
        this.terms = terms;
        this.service = service;
        this.reader = new AnswerReader(terms.config());
        this.breaker = new Breaker(terms.nanoTime());
        this.connections = new ServiceConnections(loop, terms, service, this);
        ClientLimits limits = terms.limits();
        int most = limits.connections() + limits.waiting();
        this.places = new ClientShares(most, most);
        this.bytes = new ClientShares(limits.pendingBytes(), limits.pendingBytes());
        this.rechecks = new RecheckQueue(loop, this, terms.nanoTime(), this::rechecked);
        this.cache = new AnswerCache(
                terms.nanoTime(), terms.limits().cached(), terms.limits().cachedBytes());
    }

    /**
     * Asks, or joins an equal request that waits for its answer.
     *
     * @param fresh whether the service must be asked: not what it answered before
     * @param answer called once, on the loop, perhaps at once
     */
    void check(Subrequest subrequest, boolean fresh, BiConsumer<ServiceAnswer, AuthorizationSource> answer) {
        assert ThreadRules.on(loop);
        ServiceAnswer.Allowed known = fresh ? null : cache.get(subrequest.key());
        if (known != null) {
            answer.accept(known, AuthorizationSource.CACHE);
            return;
        }
        PendingCheck equal = pending.get(subrequest.key());
        if (equal != null && equal.waiters() < terms.limits().sharing()) {
            equal.add(answer);
            return;
        }
        PendingCheck check = new PendingCheck(loop, subrequest, fresh);
        if (equal != null || !enter(check)) {
            answer.accept(new ServiceAnswer.Failed(ServiceFailure.TOO_MANY), AuthorizationSource.NONE);
            return;
        }
        if (!breaker.admit(check.client())) {
            leave(check);
            answer.accept(new ServiceAnswer.Failed(ServiceFailure.BREAKER), AuthorizationSource.NONE);
            return;
        }
        check.add(answer);
        pending.put(subrequest.key(), check);
        check.deadline().arm(terms.config().timeout(), () -> tooSlow(check));
        connections.send(check);
    }

    /** Rechecks are few at a time, and a client must not keep its own from being asked about. */
    private boolean enter(PendingCheck check) {
        if (check.isRecheck()) {
            return true;
        }
        if (connections.waiting() >= terms.limits().waiting() || !places.enter(check.client())) {
            return false;
        }
        if (!bytes.enter(check.client(), check.subrequest().heapBytes())) {
            places.leave(check.client());
            return false;
        }
        return true;
    }

    private void leave(PendingCheck check) {
        if (!check.isRecheck()) {
            places.leave(check.client());
            bytes.leave(check.client(), check.subrequest().heapBytes());
        }
    }

    /** The WebSockets that are due to be asked about. */
    RecheckQueue rechecks() {
        return rechecks;
    }

    private void rechecked(AuthorizationOutcome outcome, @Nullable ServiceFailure failure, long nanos) {
        terms.metrics()
                .authorizationChecked(
                        service.get().route(),
                        outcome,
                        failure == null ? null : failure.label(),
                        AuthorizationSource.RECHECK,
                        nanos);
    }

    private void tooSlow(PendingCheck check) {
        boolean queued = connections.abandon(check);
        // What waited in the queue has not been late by itself.
        failed(check, queued ? ServiceFailure.TOO_MANY : ServiceFailure.TOO_SLOW);
        connections.advance();
    }

    @Override
    public void answered(PendingCheck check, HttpResponse response) {
        settle(check, reader.read(response));
    }

    @Override
    public void failed(PendingCheck check, ServiceFailure failure) {
        settle(check, new ServiceAnswer.Failed(failure));
    }

    private void settle(PendingCheck check, ServiceAnswer given) {
        forget(check);
        ServiceAnswer answer = given;
        if (given instanceof ServiceAnswer.Failed failed) {
            ServiceFailure failure = judged(failed.failure(), check);
            answer = new ServiceAnswer.Failed(failure);
            note(failure, check.client());
        } else {
            breaker.succeeded(check.client());
            keep(check.subrequest().key(), given);
        }
        check.settle(answer);
    }

    /**
     * What is perhaps the client's fault, if the size of its request speaks for that, too. With failOpen less speaks for it: neither the
     * failure nor a breaker that it opens must let such a client pass.
     */
    private ServiceFailure judged(ServiceFailure failure, PendingCheck check) {
        if (failure.blame() != Blame.SERVICE_OR_CLIENT) {
            return failure;
        }
        Subrequest asked = check.subrequest();
        String path = terms.config().path();
        boolean large = terms.config().failOpen() ? !asked.isSmall(path) : asked.isOversized(path);
        return large ? ServiceFailure.OVERSIZED : failure;
    }

    private void keep(Fingerprint key, ServiceAnswer answer) {
        if (answer instanceof ServiceAnswer.Allowed allowed) {
            cache.put(key, allowed, lasts(allowed));
        } else {
            cache.remove(key);
        }
    }

    private void forget(PendingCheck check) {
        if (pending.remove(check.subrequest().key(), check)) {
            leave(check);
        }
    }

    private void note(ServiceFailure failure, ClientKey client) {
        switch (failure.blame()) {
            case SERVICE -> breaker.unreachable(client);
            case SERVICE_OR_CLIENT -> breaker.failed(client);
            case CLIENT -> breaker.succeeded(client);
            case NOBODY -> breaker.abandoned(client);
        }
        if (breaker.isPausing(client)) {
            failWaiting();
        }
    }

    /** Those that may not ask now would only wait for further failures. */
    private void failWaiting() {
        for (PendingCheck check : connections.takeWaiting(waiting -> breaker.isPausing(waiting.client()))) {
            forget(check);
            breaker.abandoned(check.client());
            check.settle(new ServiceAnswer.Failed(ServiceFailure.BREAKER));
        }
    }

    /** In nanoseconds. */
    private long lasts(ServiceAnswer.Allowed answer) {
        Duration cacheFor = answer.keepable() ? terms.config().cacheFor() : Duration.ZERO;
        long maxAge = answer.maxAge();
        return maxAge >= 0 && Duration.ofSeconds(maxAge).compareTo(cacheFor) < 0
                ? Duration.ofSeconds(maxAge).toNanos()
                : cacheFor.toNanos();
    }
}
