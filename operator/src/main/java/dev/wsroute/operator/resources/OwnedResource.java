// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Ignore;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;

/**
 * An object that exists once per route. It is written by server-side apply: fields that others add are kept, changes to our
 * fields are reverted, and the garbage collector deletes it with the route.
 *
 * @param <R> its kind
 */
@Ignore
abstract class OwnedResource<R extends HasMetadata> extends CRUDKubernetesDependentResource<R, WebSocketRoute> {

    OwnedResource(Class<R> type) {
        super(type);
    }

    abstract String nameFor(String route);

    abstract R render(ProxyModel model);

    @Override
    protected R desired(WebSocketRoute route, Context<WebSocketRoute> context) {
        return render(ProxyModel.in(context));
    }

    @Override
    protected ResourceID targetSecondaryResourceID(WebSocketRoute route, Context<WebSocketRoute> context) {
        return new ResourceID(
                nameFor(route.getMetadata().getName()), route.getMetadata().getNamespace());
    }

    @Override
    public R create(R desired, WebSocketRoute route, Context<WebSocketRoute> context) {
        return OwnershipCheck.isUnlabelled(desired, context)
                ? update(desired, desired, route, context)
                : super.create(desired, route, context);
    }

    @Override
    protected void addReferenceHandlingMetadata(R desired, WebSocketRoute route) {
        OwnershipCheck.claim(desired, route);
    }
}
