// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.operator.compile.Compilation.Compiled;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Identity of an object that a route owns.
 *
 * @param type its kind
 * @param eventSource name of its watch
 * @param name its name, in the route's namespace
 */
public record OwnedObject(Class<? extends HasMetadata> type, String eventSource, String name) {

    /** The objects of the route called {@code route}, the most important ones first. */
    public static List<OwnedObject> of(String route, Compiled compiled) {
        String proxy = OwnedNames.proxy(route);
        return Stream.of(
                        Stream.of(
                                new OwnedObject(Deployment.class, OwnedKinds.DEPLOYMENTS, proxy),
                                new OwnedObject(Service.class, OwnedKinds.SERVICES, proxy),
                                new OwnedObject(ConfigMap.class, OwnedKinds.CONFIG_MAPS, OwnedNames.config(route)),
                                new OwnedObject(ConfigMap.class, OwnedKinds.CONFIG_MAPS, OwnedNames.report(route)),
                                new OwnedObject(ServiceAccount.class, OwnedKinds.SERVICE_ACCOUNTS, proxy),
                                new OwnedObject(Role.class, OwnedKinds.ROLES, proxy),
                                new OwnedObject(RoleBinding.class, OwnedKinds.ROLE_BINDINGS, proxy),
                                new OwnedObject(PodDisruptionBudget.class, OwnedKinds.DISRUPTION_BUDGETS, proxy)),
                        Stream.ofNullable(compiled.config().sessionKey())
                                .map(key -> new OwnedObject(
                                        Secret.class, OwnedKinds.SECRETS, OwnedNames.sessionKey(route))),
                        Stream.ofNullable(compiled.config().ticketKeys())
                                .map(keys -> new OwnedObject(
                                        Secret.class, OwnedKinds.SECRETS, OwnedNames.ticketKeys(route))),
                        compiled.keySets().stream()
                                .limit(1)
                                .map(any -> new OwnedObject(
                                        ConfigMap.class, OwnedKinds.CONFIG_MAPS, OwnedNames.keySets(route))),
                        compiled.headlessServices().stream()
                                .map(s -> new OwnedObject(Service.class, OwnedKinds.SERVICES, s.name())))
                .flatMap(Function.identity())
                .toList();
    }
}
