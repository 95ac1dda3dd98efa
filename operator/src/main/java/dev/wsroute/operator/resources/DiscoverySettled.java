// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.Service;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** Holds the configuration back until its headless Services have EndpointSlices. */
public final class DiscoverySettled implements Condition<Service, WebSocketRoute> {

    @Override
    public boolean isMet(
            DependentResource<Service, WebSocketRoute> services,
            WebSocketRoute route,
            Context<WebSocketRoute> context) {
        return ProxyModel.in(context).discovery().settled();
    }
}
