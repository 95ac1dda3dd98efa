// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.function.Consumer;

/** Decides whether a request may be served: the access rules of one rule. Called on every event loop; must not block. */
@FunctionalInterface
public interface AccessGate {

    /**
     * Decides.
     *
     * @param loop the event loop of the request's connection
     * @param answer called exactly once, on {@code loop}, perhaps before this method returns; has no effect if the client
     *     has disconnected meanwhile
     */
    void check(AccessRequest request, EventLoop loop, Consumer<AccessVerdict> answer);

    /**
     * How long a client waits for the answer. Longer than any check may take: what was thrown beside the loop, or never ends, must not
     * leave a client without one.
     */
    default Duration longest() {
        return Duration.ofSeconds(90);
    }
}
