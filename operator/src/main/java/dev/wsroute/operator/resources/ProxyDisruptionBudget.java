// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/**
 * Allows voluntary disruptions to evict one proxy at a time. It sets maxUnavailable, since minAvailable would let a route
 * with a single proxy block the drain of its node for ever.
 */
public final class ProxyDisruptionBudget extends OwnedResource<PodDisruptionBudget> {

    /** Name of the dependent. */
    public static final String NAME = "disruption-budget";

    public ProxyDisruptionBudget() {
        super(PodDisruptionBudget.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.proxy(route);
    }

    @Override
    PodDisruptionBudget render(ProxyModel model) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                // A pod that is not ready gets no new clients, so it must not block the drain of its node.
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Labels.proxySelector(model.route()))
                .endSelector()
                .endSpec()
                .build();
    }
}
