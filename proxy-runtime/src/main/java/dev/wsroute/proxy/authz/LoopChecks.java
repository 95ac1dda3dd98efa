// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.metrics.AuthorizationOutcome;
import dev.wsroute.proxy.metrics.AuthorizationSource;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.upstream.BackendConnector;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the service for the connections of one event loop: equal requests once, over a bounded number of connections, and not at all
 * while the service fails. Each connection is opened for one subrequest, and then carries others.
 */
final class LoopChecks implements ServiceConnection.Owner {

    private final EventLoop loop;
    private final AuthorizationTerms terms;
    private final Supplier<ActiveRule> service;
    private final AnswerReader reader;
    private final Breaker breaker;
    private final AnswerCache cache;
    private final RecheckQueue rechecks;
    private final Map<Fingerprint, PendingCheck> pending = new HashMap<>();
    private final Deque<PendingCheck> queue = new ArrayDeque<>();
    private final Deque<ServiceConnection> idle = new ArrayDeque<>();
    private final Map<ServiceConnection, PendingCheck> carried = new HashMap<>();
    /** Connections, and attempts to open one. */
    private int open;

    /** Heap that pending subrequests take. Their clients may be gone, and with them what accounts for their requests. */
    private long pendingBytes;

    private boolean advancing;

    /** @param service the service as a rule's only backend, in the newest configuration */
    LoopChecks(EventLoop loop, AuthorizationTerms terms, Supplier<ActiveRule> service) {
        this.loop = loop;
        this.terms = terms;
        this.service = service;
        this.reader = new AnswerReader(terms.config());
        this.breaker = new Breaker(terms.nanoTime());
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
        long bytes = subrequest.heapBytes();
        if (equal != null
                || queue.size() >= terms.limits().waiting()
                || pendingBytes + bytes > terms.limits().pendingBytes()) {
            answer.accept(new ServiceAnswer.Failed(ServiceFailure.TOO_MANY), AuthorizationSource.SERVICE);
            return;
        }
        if (!breaker.admit()) {
            answer.accept(new ServiceAnswer.Failed(ServiceFailure.BREAKER), AuthorizationSource.SERVICE);
            return;
        }
        PendingCheck check = new PendingCheck(loop, subrequest);
        check.add(answer);
        pending.put(subrequest.key(), check);
        pendingBytes += bytes;
        check.deadline().arm(terms.config().timeout(), () -> tooSlow(check));
        queue.add(check);
        advance();
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

    /** Sends what waits, as far as there are connections for it. */
    private void advance() {
        if (advancing) {
            // Dialing may fail at once; the loop goes on with the next.
            return;
        }
        advancing = true;
        try {
            while (!queue.isEmpty() && sendNext()) {}
        } finally {
            advancing = false;
        }
    }

    private boolean sendNext() {
        ServiceConnection free = idle.pollLast();
        if (free != null) {
            if (free.isOpen()) {
                send(free, queue.remove());
            }
            return true;
        }
        if (open >= terms.limits().connections()) {
            return false;
        }
        dial(queue.remove());
        return true;
    }

    private void send(ServiceConnection connection, PendingCheck check) {
        carried.put(connection, check);
        check.dials(null);
        check.sentOn(connection);
        connection.ask(terms.config().path(), check.subrequest());
    }

    private void dial(PendingCheck check) {
        open++;
        BackendConnector connector = new BackendConnector(
                terms.dialer(),
                terms.memory(),
                terms.metrics(),
                service.get(),
                check.subrequest().client(),
                loop,
                new Dial(check));
        check.dials(connector);
        connector.start();
    }

    /** Connecting for one subrequest. */
    private final class Dial implements BackendConnector.ConnectListener {

        private final PendingCheck check;

        Dial(PendingCheck check) {
            this.check = check;
        }

        @Override
        public void connected(Channel backend, EndpointLease lease) {
            ServiceConnection connection =
                    new ServiceConnection(backend, lease, terms.memory().heads(), LoopChecks.this);
            send(connection, check);
        }

        @Override
        public void noEndpoint() {
            gaveUp(ServiceFailure.NO_ENDPOINT);
        }

        @Override
        public void unreachable(boolean timedOut, @Nullable String detail) {
            gaveUp(timedOut ? ServiceFailure.TOO_SLOW : ServiceFailure.UNREACHABLE);
        }

        @Override
        public void outOfDescriptors() {
            gaveUp(ServiceFailure.NO_RESOURCES);
        }

        @Override
        public void failed(Throwable cause) {
            Containment.count(loop, FailurePoint.LISTENER, cause);
            gaveUp(ServiceFailure.NO_RESOURCES);
        }

        private void gaveUp(ServiceFailure failure) {
            open--;
            check.dials(null);
            settle(check, new ServiceAnswer.Failed(failure));
            advance();
        }
    }

    private void tooSlow(PendingCheck check) {
        boolean queued = check.isQueued();
        if (queued) {
            queue.remove(check);
        }
        if (check.isDialing()) {
            open--;
        }
        ServiceConnection carrier = check.connection();
        if (carrier != null) {
            carried.remove(carrier);
            carrier.lease().upgradeFailed();
        }
        check.abandon();
        // What waited in the queue has not been late by itself.
        settle(check, new ServiceAnswer.Failed(queued ? ServiceFailure.TOO_MANY : ServiceFailure.TOO_SLOW));
        advance();
    }

    private void settle(PendingCheck check, ServiceAnswer answer) {
        Fingerprint key = check.subrequest().key();
        forget(check);
        if (answer instanceof ServiceAnswer.Failed failed) {
            note(failed.failure());
        } else {
            breaker.succeeded();
            if (answer instanceof ServiceAnswer.Allowed allowed) {
                cache.put(key, allowed, lasts(allowed));
            } else {
                cache.remove(key);
            }
        }
        check.settle(answer);
    }

    private void forget(PendingCheck check) {
        if (pending.remove(check.subrequest().key(), check)) {
            pendingBytes -= check.subrequest().heapBytes();
        }
    }

    private void note(ServiceFailure failure) {
        if (failure.isOfService()) {
            breaker.failed();
            if (breaker.isOpen()) {
                failQueue();
            }
        } else if (failure == ServiceFailure.UNEXPECTED_STATUS) {
            breaker.succeeded();
        } else {
            breaker.abandoned();
        }
    }

    /** What waits would only wait for further failures. */
    private void failQueue() {
        while (!queue.isEmpty()) {
            PendingCheck check = queue.remove();
            forget(check);
            check.settle(new ServiceAnswer.Failed(ServiceFailure.BREAKER));
        }
    }

    /** In nanoseconds. */
    private long lasts(ServiceAnswer.Allowed answer) {
        Duration cacheFor = terms.config().cacheFor();
        long maxAge = answer.maxAge();
        return maxAge >= 0 && Duration.ofSeconds(maxAge).compareTo(cacheFor) < 0
                ? Duration.ofSeconds(maxAge).toNanos()
                : cacheFor.toNanos();
    }

    @Override
    public void answered(ServiceConnection connection, HttpResponse response) {
        PendingCheck check = carried.remove(connection);
        connection.finishWithin(terms.config().timeout());
        if (check != null) {
            check.sentOn(null);
            settle(check, reader.read(response));
        }
    }

    @Override
    public void lost(ServiceConnection connection) {
        PendingCheck check = carried.remove(connection);
        if (check == null) {
            return;
        }
        check.sentOn(null);
        if (connection.isUsed() && check.mayRepeat()) {
            // The service has probably closed an idle connection. A GET may be repeated (RFC 9110 §9.2.2).
            dial(check);
        } else {
            failed(connection, check);
        }
    }

    @Override
    public void broken(ServiceConnection connection) {
        PendingCheck check = carried.remove(connection);
        if (check != null) {
            check.sentOn(null);
            failed(connection, check);
        }
    }

    private void failed(ServiceConnection connection, PendingCheck check) {
        if (connection.isStarved()) {
            settle(check, new ServiceAnswer.Failed(ServiceFailure.NO_RESOURCES));
        } else {
            connection.lease().upgradeFailed();
            settle(check, new ServiceAnswer.Failed(ServiceFailure.BROKEN));
        }
    }

    @Override
    public void free(ServiceConnection connection) {
        if (queue.isEmpty() && idle.size() >= terms.limits().idle()) {
            connection.close();
            return;
        }
        connection.idle(terms.limits().idleFor());
        idle.addLast(connection);
        advance();
    }

    @Override
    public void closed(ServiceConnection connection) {
        idle.remove(connection);
        open--;
        advance();
    }
}
