package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the proxies may do: read their own configuration, and the key of their session cookies where a rule keeps
 * sessions, find the endpoints of their namespace, and write their report. The operator must hold all of it to grant it,
 * which {@code deploy/kustomize/cluster-role.yaml} says. They list and watch by name, and never get.
 */
public final class ProxyRole extends OwnedResource<Role> {

    /** Name of the dependent. */
    public static final String NAME = "role";

    public ProxyRole() {
        super(Role.class);
    }

    @Override
    String nameFor(String route) {
        return Names.proxy(route);
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
                .withResourceNames(Names.sessionKey(route))
                .withVerbs("list", "watch")
                .build();
    }

    private static List<PolicyRule> common(String route) {
        return List.of(
                new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("configmaps")
                        .withResourceNames(Names.config(route))
                        .withVerbs("list", "watch")
                        .build(),
                new PolicyRuleBuilder()
                        .withApiGroups("")
                        .withResources("configmaps")
                        .withResourceNames(Names.report(route))
                        .withVerbs("patch")
                        .build(),
                new PolicyRuleBuilder()
                        .withApiGroups("discovery.k8s.io")
                        .withResources("endpointslices")
                        .withVerbs("list", "watch")
                        .build());
    }
}
