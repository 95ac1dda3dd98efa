package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/**
 * Lets voluntary disruptions take one proxy at a time. Counted by what may be missing, not by what must stay: a route
 * with a single proxy would block the drain of its node for ever otherwise.
 */
public final class ProxyDisruptionBudget extends OwnedResource<PodDisruptionBudget> {

    /** Name of the dependent. */
    public static final String NAME = "disruption-budget";

    public ProxyDisruptionBudget() {
        super(PodDisruptionBudget.class);
    }

    @Override
    String nameFor(String route) {
        return Names.proxy(route);
    }

    @Override
    PodDisruptionBudget render(ProxyModel model) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                // One that is not ready serves nobody new: it must not hold up its node either.
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Labels.proxySelector(model.route()))
                .endSelector()
                .endSpec()
                .build();
    }
}
