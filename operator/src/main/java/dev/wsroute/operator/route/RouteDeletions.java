// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;
import java.util.Set;
import java.util.function.Consumer;

/** Learns of deleted routes, which are not reconciled again: they have no finalizer. Sends no events. */
final class RouteDeletions extends AbstractEventSource<Void, WebSocketRoute>
        implements ResourceEventAware<WebSocketRoute> {

    private static final String NAME = "deletions";

    private final Consumer<WebSocketRoute> forget;

    RouteDeletions(Consumer<WebSocketRoute> forget) {
        super(Void.class, NAME);
        this.forget = forget;
    }

    @Override
    public void onResourceDeleted(WebSocketRoute route) {
        forget.accept(route);
    }

    @Override
    public Set<Void> getSecondaryResources(WebSocketRoute route) {
        return Set.of();
    }
}
