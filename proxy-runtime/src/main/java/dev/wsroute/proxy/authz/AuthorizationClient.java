// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.proxy.metrics.AuthorizationSource;
import dev.wsroute.proxy.routing.ActiveRule;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Asks one service about requests. Each event loop has its own connections, breaker and answers, so that nothing is locked: a crowd
 * of equal requests costs one subrequest for each loop. Thread-safe.
 */
final class AuthorizationClient {

    private final AuthorizationTerms terms;
    private volatile ActiveRule service;
    private final Map<EventLoop, LoopChecks> loops = new ConcurrentHashMap<>();

    /** @param service the service as a rule's only backend */
    AuthorizationClient(AuthorizationTerms terms, ActiveRule service) {
        this.terms = terms;
        this.service = service;
    }

    /** The same service in another configuration. */
    void follow(ActiveRule same) {
        service = same;
    }

    /** The service as a rule's only backend. */
    ActiveRule service() {
        return service;
    }

    /** Settings and dependencies. */
    AuthorizationTerms terms() {
        return terms;
    }

    /**
     * Asks about a request of this loop.
     *
     * @param fresh whether earlier answers do not count
     * @param answer called once, on the loop, perhaps at once
     */
    void check(
            Subrequest subrequest,
            EventLoop loop,
            boolean fresh,
            BiConsumer<ServiceAnswer, AuthorizationSource> answer) {
        of(loop).check(subrequest, fresh, answer);
    }

    /** Watches a WebSocket of this loop that is about to be opened. */
    Recheck watch(Subrequest subrequest, EventLoop loop, Duration every) {
        return new Recheck(loop, of(loop).rechecks(), KeptSubrequest.of(subrequest), every);
    }

    private LoopChecks of(EventLoop loop) {
        return loops.computeIfAbsent(loop, made -> new LoopChecks(made, terms, this::service));
    }
}
