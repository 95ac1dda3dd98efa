// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.config.ProxyConfig;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Permissions of the proxies: they read their own configuration, the key of session cookies if a rule uses sessions, the
 * certificates and session ticket keys of their listeners, certificates for their backends, and the EndpointSlices of their
 * namespace, and they write their report; they read those of the others if they spread their connections. The operator must hold
 * these permissions itself to grant them (see {@code deploy/kustomize/base/operator-role.yaml}). The proxies list and watch by name and never get.
 */
public final class ProxyRole extends OwnedResource<Role> {

    /** Name of the dependent. */
    public static final String NAME = "role";

    public ProxyRole() {
        super(Role.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.proxy(route);
    }

    @Override
    Role render(ProxyModel model) {
        return new RoleBuilder()
                .withMetadata(model.metadata(nameFor(model.route())))
                .withRules(rules(model.route(), model.compiled().config()))
                .build();
    }

    static List<PolicyRule> rules(String route, ProxyConfig config) {
        List<PolicyRule> rules = new ArrayList<>(common(route));
        if (config.rebalances()) {
            rules.add(listOnly("configmaps", OwnedNames.report(route)));
        }
        if (config.sessionKey() != null) {
            rules.add(read("secrets", List.of(OwnedNames.sessionKey(route))));
        }
        CertificateObjects certificates = CertificateObjects.of(config);
        if (config.ticketKeys() != null) {
            certificates.secrets().add(OwnedNames.ticketKeys(route));
        }
        if (!certificates.secrets().isEmpty()) {
            rules.add(read("secrets", certificates.secrets()));
        }
        if (!certificates.configMaps().isEmpty()) {
            rules.add(read("configmaps", certificates.configMaps()));
        }
        return rules;
    }

    /** Permission to list the object of this name, which is read now and then and not watched. */
    private static PolicyRule listOnly(String resource, String name) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources(resource)
                .withResourceNames(name)
                .withVerbs("list")
                .build();
    }

    /** Permission to read the objects of these names and no others. */
    private static PolicyRule read(String resource, Collection<String> names) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources(resource)
                .withResourceNames(List.copyOf(names))
                .withVerbs("list", "watch")
                .build();
    }

    private static List<PolicyRule> common(String route) {
        return List.of(
                read("configmaps", List.of(OwnedNames.config(route))),
                new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("configmaps")
                        .withResourceNames(OwnedNames.report(route))
                        .withVerbs("patch")
                        .build(),
                new PolicyRuleBuilder()
                        .withApiGroups("discovery.k8s.io")
                        .withResources("endpointslices")
                        .withVerbs("list", "watch")
                        .build());
    }
}
