// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.operator.compile.KeySetsMap;
import dev.wsroute.operator.compile.OwnProxies;
import dev.wsroute.operator.compile.SessionKeySecret;
import dev.wsroute.operator.compile.TicketKeysSecret;

/** Names of the objects of a route. */
public final class OwnedNames {

    /** Field manager of everything that the operator writes. */
    public static final String FIELD_MANAGER = "wsroute-operator";

    private OwnedNames() {}

    /** Deployment, Service, ServiceAccount, Role, RoleBinding and PodDisruptionBudget. The compiled document may refer to the Service. */
    public static String proxy(String route) {
        return OwnProxies.service(route);
    }

    /** Role and RoleBinding in another namespace with a backend of the route. */
    static String inBackendNamespace(String routeNamespace, String route) {
        return routeNamespace + "." + proxy(route);
    }

    /** The ConfigMap that the proxies read. */
    public static String config(String route) {
        return route + "-proxy-config";
    }

    /** The ConfigMap that the proxies report to. */
    public static String report(String route) {
        return route + "-proxy-report";
    }

    /** The ConfigMap with the key sets that the operator fetches, which the compiled document refers to. */
    public static String keySets(String route) {
        return KeySetsMap.name(route);
    }

    /** The Secret with the key of session cookies, which the compiled document refers to. */
    public static String sessionKey(String route) {
        return SessionKeySecret.secret(route);
    }

    /** The Secret with the keys of TLS session tickets, which the compiled document refers to. */
    public static String ticketKeys(String route) {
        return TicketKeysSecret.secret(route);
    }
}
