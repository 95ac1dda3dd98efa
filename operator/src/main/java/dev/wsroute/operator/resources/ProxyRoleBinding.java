// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;

/** Binds the proxies' ServiceAccount to its Role. */
public final class ProxyRoleBinding extends OwnedResource<RoleBinding> {

    /** Name of the dependent. */
    public static final String NAME = "role-binding";

    public ProxyRoleBinding() {
        super(RoleBinding.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.proxy(route);
    }

    @Override
    RoleBinding render(ProxyModel model) {
        String name = nameFor(model.route());
        return new RoleBindingBuilder()
                .withMetadata(model.metadata(name))
                .withNewRoleRef()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("Role")
                .withName(name)
                .endRoleRef()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace(model.namespace())
                .withName(name)
                .endSubject()
                .build();
    }
}
