// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides whether a request may be served: the access rules of one rule. Called on every event loop; must not block. */
@FunctionalInterface
public interface AccessGate {

    /**
     * Decides.
     *
     * @param request gives the request, or null once its client has left: what waits keeps this, so that it does not keep the request
     * @param loop the event loop of the request's connection
     * @param answer called exactly once, on {@code loop}, perhaps before this method returns; perhaps not if the client has
     *     disconnected meanwhile, and then without effect
     */
    void check(Supplier<? extends @Nullable AccessRequest> request, EventLoop loop, Consumer<AccessVerdict> answer);

    /**
     * How long a client waits for the answer. Longer than any check may take: what was thrown beside the loop, or never ends, must not
     * leave a client without one.
     */
    default Duration longest() {
        return Duration.ofSeconds(90);
    }
}
