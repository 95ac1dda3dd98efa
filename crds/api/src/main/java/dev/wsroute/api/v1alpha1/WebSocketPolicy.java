// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** Rules for many routes at once: a direct policy attachment as Gateway API describes it (GEP-713, GEP-2648). */
@Group(WebSocketRoute.GROUP)
@Version(WebSocketRoute.VERSION)
@Plural("websocketpolicies")
@ShortNames("wsp")
@Categories("all")
public final class WebSocketPolicy extends CustomResource<WebSocketPolicySpec, WebSocketPolicyStatus>
        implements Namespaced {

    private static final long serialVersionUID = 1;
}
