package dev.wsroute.operator.resources;

import dev.wsroute.operator.compile.SessionKey;

/** What the objects of a route are called. */
public final class Names {

    /** Field manager of all that the operator writes. */
    public static final String FIELD_MANAGER = "wsroute-operator";

    private Names() {}

    /** Deployment, Service, ServiceAccount, Role, RoleBinding and PodDisruptionBudget. */
    public static String proxy(String route) {
        return route + "-proxy";
    }

    /** The ConfigMap that the proxies read. */
    public static String config(String route) {
        return route + "-proxy-config";
    }

    /** The ConfigMap that the proxies answer in. */
    public static String report(String route) {
        return route + "-proxy-report";
    }

    /** The Secret that holds the key of session cookies, which the compiled document names. */
    public static String sessionKey(String route) {
        return SessionKey.secret(route);
    }
}
