// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.jwks.PublishedSets;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key sets that the operator fetches for the proxies, one key per set. The operator may not delete ConfigMaps, so that one that
 * is no longer needed is emptied.
 */
public final class ProxyKeySets extends OwnedResource<ConfigMap> {

    /** Name of the dependent. */
    public static final String NAME = "key-sets";

    /** Annotation with the origin and the age of the sets, {@link dev.wsroute.operator.jwks.KeySetNotes}. */
    public static final String NOTES = "wsroute.dev/key-sets";

    public ProxyKeySets() {
        super(ConfigMap.class);
    }

    /** The ConfigMap of {@code route}, if it belongs to it. */
    public static Optional<ConfigMap> of(WebSocketRoute route, Context<WebSocketRoute> context) {
        ObjectMeta metadata = route.getMetadata();
        return OwnedKinds.watched(ConfigMap.class, OwnedKinds.CONFIG_MAPS, context)
                .get(new ResourceID(OwnedNames.keySets(metadata.getName()), metadata.getNamespace()))
                .filter(map -> OwnershipCheck.belongsTo(route, map));
    }

    /** The annotation; null if there is none. */
    public static @Nullable String notes(ConfigMap map) {
        Map<String, String> annotations = map.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(NOTES);
    }

    @Override
    public ReconcileResult<ConfigMap> reconcile(WebSocketRoute route, Context<WebSocketRoute> context) {
        boolean needed = !ProxyModel.in(context).compiled().keySets().isEmpty();
        boolean leftOver = of(route, context)
                .filter(map -> map.getData() != null && !map.getData().isEmpty())
                .isPresent();
        return needed || leftOver ? super.reconcile(route, context) : ReconcileResult.noOperation(null);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.keySets(route);
    }

    @Override
    ConfigMap render(ProxyModel model) {
        return render(model.metadata(nameFor(model.route())), model.keySets());
    }

    /** The whole object, for a route whose objects are not written at the moment. */
    public static ConfigMap whole(WebSocketRoute route, PublishedSets sets) {
        String name = route.getMetadata().getName();
        ConfigMap map = render(
                new ObjectMetaBuilder()
                        .withNamespace(route.getMetadata().getNamespace())
                        .withName(OwnedNames.keySets(name))
                        .withLabels(Labels.of(name, Labels.PROXY))
                        .build(),
                sets);
        OwnershipCheck.claim(map, route);
        return map;
    }

    private static ConfigMap render(ObjectMeta metadata, PublishedSets sets) {
        return new ConfigMapBuilder()
                .withMetadata(
                        sets.notes().isEmpty()
                                ? metadata
                                : new ObjectMetaBuilder(metadata)
                                        .withAnnotations(Map.of(NOTES, sets.notes()))
                                        .build())
                .withData(sets.data())
                .build();
    }
}
