// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * Permissions of the proxies: they read their own configuration, the key of session cookies if a rule uses sessions, and the
 * EndpointSlices of their namespace, and they write their report. The operator must hold these permissions itself to grant
 * them (see {@code deploy/kustomize/cluster-role.yaml}). The proxies list and watch by name and never get.
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
                .withRules(rules(model.route(), model.compiled().config().sessionKey() != null))
                .build();
    }

    static List<PolicyRule> rules(String route, boolean sessions) {
        return Stream.concat(common(route).stream(), sessions ? Stream.of(readSessionKey(route)) : Stream.empty())
                .toList();
    }

    private static PolicyRule readSessionKey(String route) {
        return new PolicyRuleBuilder()
                .withApiGroups("")
                .withResources("secrets")
                .withResourceNames(OwnedNames.sessionKey(route))
                .withVerbs("list", "watch")
                .build();
    }

    private static List<PolicyRule> common(String route) {
        return List.of(
                new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("configmaps")
                        .withResourceNames(OwnedNames.config(route))
                        .withVerbs("list", "watch")
                        .build(),
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
