// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.AutoscalingSpec;
import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import dev.wsroute.operator.jwks.PublishedSets;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The input for rendering the owned objects. It is computed once per reconciliation; the classes of this package only read
 * it.
 *
 * @param namespace of the route and all its objects
 * @param route name of the route
 * @param proxy settings of the proxies
 * @param replicas number of proxies
 * @param compiled their configuration
 * @param namesCertificates whether the route names Secrets or ConfigMaps with certificates, for listeners or for backends that
 *     may not exist yet
 * @param image of the proxies, unless the route sets another
 * @param unlabelled objects of this route that have lost the label that the operator watches
 * @param discovery state of the headless Services of its pod selectors
 * @param secrets what its proxies share
 * @param keySets that the operator has fetched for them
 */
public record ProxyModel(
        String namespace,
        String route,
        ProxySpec proxy,
        int replicas,
        Compiled compiled,
        boolean namesCertificates,
        String image,
        Set<OwnedObject> unlabelled,
        DiscoveryState discovery,
        SharedSecrets secrets,
        PublishedSets keySets) {

    /** The default in the CRD. */
    private static final int DEFAULT_REPLICAS = 2;

    private static final ProxySpec DEFAULT_PROXY = new ProxySpec(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null);

    /** The model of {@code route} with this number of proxies, compiled to {@code compiled}. */
    public static ProxyModel of(
            WebSocketRoute route,
            int replicas,
            Compiled compiled,
            String image,
            Set<OwnedObject> unlabelled,
            DiscoveryState discovery,
            SharedSecrets secrets,
            PublishedSets keySets) {
        return new ProxyModel(
                route.getMetadata().getNamespace(),
                route.getMetadata().getName(),
                Objects.requireNonNullElse(route.getSpec().proxy(), DEFAULT_PROXY),
                replicas,
                compiled,
                CertificateObjects.areNamedBy(route.getSpec()),
                image,
                Set.copyOf(unlabelled),
                discovery,
                secrets,
                keySets);
    }

    /** Stores the model in the context for the dependents of this reconciliation. */
    public void shareWith(Context<WebSocketRoute> context) {
        context.managedWorkflowAndDependentResourceContext().put(ProxyModel.class, this);
    }

    static ProxyModel in(Context<WebSocketRoute> context) {
        return context.managedWorkflowAndDependentResourceContext().getMandatory(ProxyModel.class, ProxyModel.class);
    }

    @Nullable SessionKeyValue sessionKey() {
        return secrets.sessionKey();
    }

    @Nullable TicketKeysValue ticketKeys() {
        return secrets.ticketKeys();
    }

    /** The most proxies that a route may have. */
    public static int mostReplicas(@Nullable ProxySpec proxy) {
        AutoscalingSpec autoscaling = proxy == null ? null : proxy.autoscaling();
        return autoscaling == null ? replicas(proxy) : Math.max(replicas(proxy), autoscaling.maxReplicas());
    }

    /** Number of replicas in {@code proxy}, or the default; not for a route with autoscaling. */
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
