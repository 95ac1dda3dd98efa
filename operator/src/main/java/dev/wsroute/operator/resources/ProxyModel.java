package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that the owned objects are rendered from. It is computed once a reconciliation; the classes of this package only
 * read it.
 *
 * @param namespace of the route and all its objects
 * @param route name of the route
 * @param proxy how the proxies run
 * @param compiled what they are told
 * @param image of the proxies, unless the route names another
 * @param unlabelled objects of this route that lost the label by which the operator watches
 * @param discovery how far the Services for its pod selectors are
 * @param sessionKey of its session cookies; null where it never needed one
 */
public record ProxyModel(
        String namespace,
        String route,
        ProxySpec proxy,
        Compiled compiled,
        String image,
        Set<OwnedObject> unlabelled,
        Discovery discovery,
        @Nullable SessionKeyValue sessionKey) {

    /** What the CRD defaults to. */
    private static final int DEFAULT_REPLICAS = 2;

    private static final ProxySpec DEFAULT_PROXY = new ProxySpec(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** The model of {@code route}, compiled to {@code compiled}. */
    public static ProxyModel of(
            WebSocketRoute route,
            Compiled compiled,
            String image,
            Set<OwnedObject> unlabelled,
            Discovery discovery,
            @Nullable SessionKeyValue sessionKey) {
        return new ProxyModel(
                route.getMetadata().getNamespace(),
                route.getMetadata().getName(),
                Objects.requireNonNullElse(route.getSpec().proxy(), DEFAULT_PROXY),
                compiled,
                image,
                Set.copyOf(unlabelled),
                discovery,
                sessionKey);
    }

    /** Leaves the model for the dependents of this reconciliation. */
    public void shareWith(Context<WebSocketRoute> context) {
        context.managedWorkflowAndDependentResourceContext().put(ProxyModel.class, this);
    }

    static ProxyModel in(Context<WebSocketRoute> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(ProxyModel.class, ProxyModel.class);
    }

    /** How many proxies are wanted. */
    public int replicas() {
        return replicas(proxy);
    }

    /** How many proxies are wanted where the proxy's part of the spec is {@code proxy}. */
    public static int replicas(@Nullable ProxySpec proxy) {
        return Optional.ofNullable(proxy).map(ProxySpec::replicas).orElse(DEFAULT_REPLICAS);
    }

    ObjectMeta metadata(String name, String component) {
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(Labels.of(route, component))
                .build();
    }

    ObjectMeta metadata(String name) {
        return metadata(name, Labels.PROXY);
    }
}
