// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;

/**
 * The Deployment of the proxies. The pod template does not depend on the configuration, not even by a hash: pods are rolled
 * only for changes that a running process cannot apply.
 */
public final class ProxyDeployment extends OwnedResource<Deployment> {

    /** Name of the dependent. */
    public static final String NAME = "deployment";

    private static final int REVISIONS_KEPT = 3;

    public ProxyDeployment() {
        super(Deployment.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.proxy(route);
    }

    @Override
    Deployment render(ProxyModel model) {
        return new DeploymentBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withNewSpec()
                .withReplicas(model.replicas())
                .withRevisionHistoryLimit(REVISIONS_KEPT)
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString(0))
                .withMaxSurge(new IntOrString("25%"))
                .endRollingUpdate()
                .endStrategy()
                .withNewSelector()
                .withMatchLabels(Labels.proxySelector(model.route()))
                .endSelector()
                .withTemplate(PodTemplate.of(model))
                .endSpec()
                .build();
    }
}
