// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** All label keys that the operator writes or selects by. */
public final class Labels {

    /** The name of the application. */
    public static final String NAME = "app.kubernetes.io/name";

    /** The route's name. */
    public static final String INSTANCE = "app.kubernetes.io/instance";

    /** The tool that manages the object. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The component within the application. */
    public static final String COMPONENT = "app.kubernetes.io/component";

    /** The route's name, even if the instance label differs. */
    public static final String ROUTE = "wsroute.dev/route";

    /** The route's namespace, on objects in another one. */
    public static final String ROUTE_NAMESPACE = "wsroute.dev/route-namespace";

    /** The Service that an EndpointSlice belongs to. */
    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    /**
     * Selects all objects that the operator owns; it watches no other objects of these kinds. The label is in wsroute's own
     * domain, since other programs set well-known labels too, and every version has written it.
     */
    public static final String OWNED = ROUTE;

    /** {@link #COMPONENT} of the proxies and their objects. */
    static final String PROXY = "proxy";

    /** {@link #COMPONENT} of the headless Services of pod selectors. */
    static final String DISCOVERY = "discovery";

    /** {@link #COMPONENT} of the rights in namespaces of backends. */
    static final String BACKEND = "backend";

    private static final String PROXY_NAME = "wsroute-proxy";

    private Labels() {}

    /** The labels of all owned objects of the route called {@code route}. */
    static NavigableMap<String, String> of(String route, String component) {
        NavigableMap<String, String> labels = new TreeMap<>(proxySelector(route));
        labels.put(MANAGED_BY, "wsroute");
        labels.put(COMPONENT, component);
        labels.put(ROUTE, route);
        return labels;
    }

    /** The name of the route in the label of an object. */
    public static Optional<String> routeOf(ObjectMeta metadata) {
        return Optional.ofNullable(metadata.getLabels()).map(labels -> labels.get(ROUTE));
    }

    /** The namespace of the route, in the label of an object that is in another one. */
    public static Optional<String> routeNamespaceOf(ObjectMeta metadata) {
        return Optional.ofNullable(metadata.getLabels()).map(labels -> labels.get(ROUTE_NAMESPACE));
    }

    /** The selector of the route's proxy pods. A Deployment's selector is immutable, so this must never change. */
    public static NavigableMap<String, String> proxySelector(String route) {
        return new TreeMap<>(Map.of(NAME, PROXY_NAME, INSTANCE, route));
    }
}
