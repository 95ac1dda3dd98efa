// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.HeadlessService;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.CRUDKubernetesBulkDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.Matcher;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A headless Service for each pod selector of the route, so that EndpointSlices exist for it. A Service that is no longer
 * needed is kept until its slices are empty.
 */
public final class BackendDiscoveryServices extends CRUDKubernetesDependentResource<Service, WebSocketRoute>
        implements CRUDKubernetesBulkDependentResource<Service, WebSocketRoute> {

    /** Name of the dependent. */
    public static final String NAME = "backend-discovery";

    /** A Service port needs a number. If the pods' port is a name, this number is used; nobody connects to it. */
    private static final int PLACEHOLDER_PORT = 80;

    public BackendDiscoveryServices() {
        super(Service.class);
    }

    @Override
    public Map<ResourceID, Service> desiredResources(WebSocketRoute route, Context<WebSocketRoute> context) {
        ProxyModel model = ProxyModel.in(context);
        Map<ResourceID, Service> desired = new LinkedHashMap<>();
        for (HeadlessService service : model.compiled().headlessServices()) {
            Service rendered = render(model, service);
            desired.put(ResourceID.fromResource(rendered), rendered);
        }
        return desired;
    }

    static Service render(ProxyModel model, HeadlessService service) {
        Integer number = service.port().getIntVal();
        return new ServiceBuilder()
                .withMetadata(model.metadata(service.name(), Labels.DISCOVERY))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withSelector(service.selector())
                .addNewPort()
                .withName(HeadlessService.PORT_NAME)
                .withProtocol("TCP")
                .withPort(Objects.requireNonNullElse(number, PLACEHOLDER_PORT))
                .withTargetPort(service.port())
                .endPort()
                .endSpec()
                .build();
    }

    @Override
    public Map<ResourceID, Service> getSecondaryResources(WebSocketRoute route, Context<WebSocketRoute> context) {
        ProxyModel model = ProxyModel.in(context);
        Set<String> needed = model.compiled().headlessServices().stream()
                .map(HeadlessService::name)
                .collect(Collectors.toSet());
        return owned(route, context)
                // Connections to pods of a removed selector live on; the proxies need the slices to see these pods
                // terminate.
                .filter(service -> needed.contains(service.getMetadata().getName())
                        || !model.discovery()
                                .populated()
                                .contains(service.getMetadata().getName()))
                .collect(Collectors.toMap(ResourceID::fromResource, Function.identity()));
    }

    /** Names of all existing Services of the route, needed or not. */
    public static Set<String> names(WebSocketRoute route, Context<WebSocketRoute> context) {
        return owned(route, context)
                .map(service -> service.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static Stream<Service> owned(WebSocketRoute route, Context<WebSocketRoute> context) {
        return OwnedKinds.watched(Service.class, OwnedKinds.SERVICES, context).getSecondaryResources(route).stream()
                // By name, which nobody can change: if selected by a label, a Service without it would be recreated for
                // ever.
                .filter(service -> !service.getMetadata()
                        .getName()
                        .equals(OwnedNames.proxy(route.getMetadata().getName())))
                .filter(service -> OwnershipCheck.belongsTo(route, service));
    }

    @Override
    public Service create(Service desired, WebSocketRoute route, Context<WebSocketRoute> context) {
        return OwnershipCheck.isUnlabelled(desired, context)
                ? update(desired, desired, route, context)
                : super.create(desired, route, context);
    }

    @Override
    public Service update(Service actual, Service desired, WebSocketRoute route, Context<WebSocketRoute> context) {
        return new ServicePortRepair(context.getClient())
                .apply(desired, () -> super.update(actual, desired, route, context));
    }

    @Override
    public Matcher.Result<Service> match(
            Service actual, Service desired, WebSocketRoute route, Context<WebSocketRoute> context) {
        return ServicePortRepair.isUnfinished(actual)
                ? Matcher.Result.nonComputed(false)
                : super.match(actual, desired, route, context);
    }

    @Override
    protected void addReferenceHandlingMetadata(Service desired, WebSocketRoute route) {
        OwnershipCheck.claim(desired, route);
    }
}
