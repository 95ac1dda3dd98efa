// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.proxy.containment.Containment;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One part of a rule's access rules. Called on every event loop; must not block. */
@FunctionalInterface
public interface AccessStep {

    /**
     * Checks a request.
     *
     * @param grant what earlier steps found out; this one adds to it before it calls {@code next}
     * @param loop the event loop of the request's connection
     * @param next called exactly once, on {@code loop}, perhaps before this method returns; with null the request passes
     */
    void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next);

    /**
     * Goes on on the event loop, after work beside it.
     *
     * @param outcome called there; if it throws, the client is told that nothing could be decided
     */
    static void goOn(EventLoop loop, Consumer<@Nullable Denial> next, Supplier<@Nullable Denial> outcome) {
        loop.execute(() -> {
            Denial denial;
            try {
                denial = outcome.get();
            } catch (Throwable e) {
                Containment.count(loop, FailurePoint.TASK, e);
                denial = Denial.UNDECIDED;
            }
            next.accept(denial);
        });
    }
}
