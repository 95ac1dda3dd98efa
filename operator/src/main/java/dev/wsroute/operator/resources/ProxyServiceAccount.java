// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;

/** The proxies' identity towards the API. */
public final class ProxyServiceAccount extends OwnedResource<ServiceAccount> {

    /** Name of the dependent. */
    public static final String NAME = "service-account";

    public ProxyServiceAccount() {
        super(ServiceAccount.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.proxy(route);
    }

    @Override
    ServiceAccount render(ProxyModel model) {
        return new ServiceAccountBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .build();
    }
}
