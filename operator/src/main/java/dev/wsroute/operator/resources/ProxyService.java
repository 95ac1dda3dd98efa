// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.ProxySpec.ServiceSpec;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.config.ListenerConfig;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.Matcher;
import java.util.Optional;

/** The Service that clients connect to. */
public final class ProxyService extends OwnedResource<Service> {

    /** Name of the dependent. */
    public static final String NAME = "service";

    public ProxyService() {
        super(Service.class);
    }

    @Override
    String nameFor(String route) {
        return OwnedNames.proxy(route);
    }

    @Override
    Service render(ProxyModel model) {
        Optional<ServiceSpec> spec = Optional.ofNullable(model.proxy().service());
        ObjectMeta metadata = model.metadata(nameFor(model.route()));
        spec.map(ServiceSpec::annotations).ifPresent(metadata::setAnnotations);
        return new ServiceBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withType(spec.map(ServiceSpec::type)
                        .orElse(ServiceSpec.Type.ClusterIP)
                        .name())
                .withSelector(Labels.proxySelector(model.route()))
                .withPorts(model.compiled().config().listeners().stream()
                        .map(ProxyService::port)
                        .toList())
                .withExternalTrafficPolicy(spec.map(ServiceSpec::externalTrafficPolicy)
                        .map(Enum::name)
                        .orElse(null))
                .endSpec()
                .build();
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

    /** The target port is a name, so that during the roll-out of a new port each pod is reached at its own port. */
    private static ServicePort port(ListenerConfig listener) {
        return new ServicePortBuilder()
                .withName(listener.name())
                .withProtocol("TCP")
                .withPort(listener.port())
                .withTargetPort(new IntOrString(listener.name()))
                .build();
    }
}
