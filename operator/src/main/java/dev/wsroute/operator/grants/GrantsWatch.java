// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.grants;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.BackendReferences;
import dev.wsroute.operator.compile.GrantRef;
import dev.wsroute.operator.optional.OptionalKindWatch;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches ReferenceGrants, and has the routes reconciled that they are about. The CRDs of Gateway API may come and go. */
public final class GrantsWatch extends OptionalKindWatch {

    private static final Logger LOG = LoggerFactory.getLogger(GrantsWatch.class);
    private static final String NAME = "reference-grants";
    private static final String BY_NAMESPACE = "by-foreign-namespace";

    /** Key of all routes with a backend in another namespace. No namespace is called this. */
    private static final String ANY = "*";

    /** If the CRD was deleted, the watch has reported the end of each grant. */
    private static final int LOOKS_IN_VAIN = 3;

    private final IndexerResourceCache<WebSocketRoute> routes;
    private final CurrentGrants grants;

    /**
     * @param namespaces that are watched; empty: all
     * @param grants kept up to date by this watch
     */
    public GrantsWatch(EventSourceContext<WebSocketRoute> context, Set<String> namespaces, CurrentGrants grants) {
        super(context.getClient(), NAME, GrantRef.KIND, namespaces);
        this.routes = context.getPrimaryCache();
        this.grants = grants;
        routes.addIndexer(BY_NAMESPACE, GrantsWatch::keys);
    }

    private static List<String> keys(WebSocketRoute route) {
        List<String> keys = new ArrayList<>(BackendReferences.foreignNamespaces(route));
        if (!keys.isEmpty()) {
            keys.add(ANY);
        }
        return keys;
    }

    @Override
    protected Optional<String> version(KubernetesClient client) {
        return GrantsApi.version(client);
    }

    @Override
    protected List<FilterWatchListDeletable<GenericKubernetesResource, ?, ?>> objects(
            KubernetesClient client, String version, Set<String> watched) {
        return GrantsApi.of(client, version, watched);
    }

    @Override
    protected Collection<ResourceID> put(String namespace, String name, @Nullable GenericKubernetesResource object) {
        return grants.put(namespace, name, object) ? routes(namespace) : List.of();
    }

    @Override
    protected void retain(Set<String> keys) {
        grants.retain(keys);
    }

    @Override
    protected Collection<ResourceID> routes() {
        return routes(ANY);
    }

    private List<ResourceID> routes(String key) {
        return routes.byIndex(BY_NAMESPACE, key).stream()
                .map(ResourceID::fromResource)
                .toList();
    }

    @Override
    protected void installed(@Nullable String version) {
        grants.installed(version != null);
        if (version == null) {
            LOG.info("ReferenceGrant is not installed any more; no namespace permits backends of others");
        } else {
            LOG.info("Namespaces can permit backends of others: watching ReferenceGrants of version {}", version);
        }
    }

    @Override
    protected boolean isGone(int looks) {
        return grants.isEmpty() || looks >= LOOKS_IN_VAIN;
    }
}
