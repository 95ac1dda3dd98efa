package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Every label key that the operator writes or selects by. */
public final class Labels {

    /** What the object runs or serves. */
    public static final String NAME = "app.kubernetes.io/name";

    /** The route's name. */
    public static final String INSTANCE = "app.kubernetes.io/instance";

    /** Who looks after the object. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The object's part in the whole. */
    public static final String COMPONENT = "app.kubernetes.io/component";

    /** The route's name, also where the instance is something else. */
    public static final String ROUTE = "wsroute.dev/route";

    /** The Service that an EndpointSlice belongs to. */
    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    /**
     * Selects every object that the operator owns: it watches no others of these kinds. It uses a label of wsroute's
     * own domain, which every version has written; other programs set well-known labels too.
     */
    public static final String OWNED = ROUTE;

    /** {@link #COMPONENT} of all that serves a route's clients. */
    static final String PROXY = "proxy";

    /** {@link #COMPONENT} of the Services that only serve to find the pods of a selector. */
    static final String DISCOVERY = "discovery";

    private static final String PROXY_NAME = "wsroute-proxy";

    private Labels() {}

    /** Of every owned object of the route called {@code route}. */
    static NavigableMap<String, String> of(String route, String component) {
        NavigableMap<String, String> labels = new TreeMap<>(proxySelector(route));
        labels.put(MANAGED_BY, "wsroute");
        labels.put(COMPONENT, component);
        labels.put(ROUTE, route);
        return labels;
    }

    /** The name of the route that the object says it is of. */
    public static Optional<String> routeOf(ObjectMeta metadata) {
        return Optional.ofNullable(metadata.getLabels()).map(labels -> labels.get(ROUTE));
    }

    /** What the proxy pods of the route are selected by. A Deployment's selector can never change: nor can this. */
    public static NavigableMap<String, String> proxySelector(String route) {
        return new TreeMap<>(Map.of(NAME, PROXY_NAME, INSTANCE, route));
    }
}
