// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.route;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.InvalidConfigException;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.operator.grants.CurrentGrants;
import dev.wsroute.operator.resources.OwnedKinds;
import dev.wsroute.operator.resources.OwnedNames;
import dev.wsroute.operator.resources.OwnershipCheck;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes backends that their namespaces no longer permit out of the configuration in force. Needed only while no newer one is
 * written: a route that is not accepted, or whose objects the API refuses, keeps everything else.
 */
final class WithdrawnBackends {

    private static final Logger LOG = LoggerFactory.getLogger(WithdrawnBackends.class);

    /** Shared, since creating a parser costs far more than parsing a document. */
    private static final ProxyConfigParser PARSER = new ProxyConfigParser();

    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(OwnedNames.FIELD_MANAGER)
            .build();

    private final CurrentGrants grants;

    WithdrawnBackends(CurrentGrants grants) {
        this.grants = grants;
    }

    void remove(WebSocketRoute route, Context<WebSocketRoute> context) {
        ResourceID id = new ResourceID(
                OwnedNames.config(route.getMetadata().getName()),
                route.getMetadata().getNamespace());
        OwnedKinds.watched(ConfigMap.class, OwnedKinds.CONFIG_MAPS, context)
                .get(id)
                .filter(map -> OwnershipCheck.belongsTo(route, map))
                .flatMap(map -> Stream.ofNullable(map.getData())
                        .flatMap(data -> Stream.ofNullable(data.get(ProxyConfig.DATA_KEY)))
                        .findFirst())
                .ifPresent(document -> remove(document, id, context));
    }

    private void remove(String document, ResourceID id, Context<WebSocketRoute> context) {
        String namespace = id.getNamespace().orElseThrow();
        ProxyConfig before;
        try {
            before = PARSER.parse(document, false).config();
        } catch (InvalidConfigException e) {
            LOG.debug("The configuration in force cannot be read", e);
            return;
        }
        ProxyConfig after = before.withRoutes(
                before.routes().stream().map(one -> permitted(namespace, one)).toList());
        ConfigVersion version = before.version();
        if (version == null || after.equals(before)) {
            return;
        }
        ProxyConfig written = after.withVersion(ConfigVersion.of(version.generation(), after));
        context.getClient()
                .configMaps()
                .inNamespace(namespace)
                .withName(id.getName())
                .patch(
                        MERGE,
                        Serialization.asJson(
                                Map.of("data", Map.of(ProxyConfig.DATA_KEY, PARSER.writeForOlderProxies(written)))));
        LOG.info("Removed backends that their namespaces no longer permit from the last accepted configuration");
    }

    private RouteConfig permitted(String namespace, RouteConfig route) {
        return new RouteConfig(
                route.name(),
                route.hostnames(),
                route.paths(),
                route.rules().stream()
                        .map(rule -> rule.withBackends(permitted(namespace, rule.backends())))
                        .toList());
    }

    private List<BackendConfig> permitted(String namespace, List<BackendConfig> backends) {
        return backends.stream()
                .filter(backend -> isPermitted(namespace, backend))
                .toList();
    }

    private boolean isPermitted(String namespace, BackendConfig backend) {
        EndpointSliceRef slices = backend.endpointSlices();
        return slices == null
                || slices.namespace().equals(namespace)
                || !grants.permitting(namespace, slices.namespace(), slices.service())
                        .isEmpty();
    }
}
