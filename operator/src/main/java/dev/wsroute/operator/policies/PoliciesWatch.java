// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.WebSocketPolicy;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.optional.OptionalKindWatch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches WebSocketPolicies, has the routes reconciled that they are about, and writes their statuses. */
public final class PoliciesWatch extends OptionalKindWatch {

    private static final Logger LOG = LoggerFactory.getLogger(PoliciesWatch.class);

    private final Set<String> namespaces;
    private final IndexerResourceCache<WebSocketRoute> routes;
    private final CurrentPolicies policies;
    private final PolicyStatusWriter statuses;
    private volatile boolean installed;

    /**
     * @param namespaces that are watched; empty: all
     * @param policies kept up to date by this watch
     * @param acting whether this operator is the leader and not stopping
     */
    public PoliciesWatch(
            EventSourceContext<WebSocketRoute> context,
            Set<String> namespaces,
            CurrentPolicies policies,
            Clock clock,
            BooleanSupplier acting) {
        super(context.getClient(), PoliciesApi.PLURAL, HasMetadata.getKind(WebSocketPolicy.class), namespaces);
        this.namespaces = namespaces;
        this.routes = context.getPrimaryCache();
        this.policies = policies;
        this.statuses = new PolicyStatusWriter(
                context.getClient(), policies, new PolicyStatusFactory(policies, routes::contains, clock), acting);
    }

    @Override
    public synchronized void start() {
        statuses.start();
        super.start();
        policies.onChange(statuses::due);
    }

    @Override
    public void stop() {
        super.stop();
        statuses.stop();
    }

    @Override
    protected Optional<String> version(KubernetesClient client) {
        return installed || PoliciesApi.isServed(client, namespaces)
                ? Optional.of(WebSocketRoute.VERSION)
                : Optional.empty();
    }

    @Override
    protected List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> objects(
            KubernetesClient client, String version, Set<String> watched) {
        return PoliciesApi.of(client, watched);
    }

    @Override
    protected Collection<ResourceID> put(String namespace, String name, @Nullable GenericKubernetesResource object) {
        return existing(policies.put(new ResourceID(name, namespace), object == null ? null : AccessPolicy.of(object)));
    }

    @Override
    protected void retain(Set<String> keys) {
        policies.retain(keys);
    }

    @Override
    protected Collection<ResourceID> routes() {
        return existing(policies.routes());
    }

    private List<ResourceID> existing(Set<ResourceID> targets) {
        return targets.stream().filter(routes::contains).toList();
    }

    @Override
    protected void installed(@Nullable String version) {
        installed = version != null;
        LOG.info("Watching WebSocketPolicies");
    }

    /** Never: if the CRD is deleted, the watch reports the end of each policy. Else a known one counts: without it routes are open. */
    @Override
    protected boolean isGone(int looks) {
        return false;
    }
}
