// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import dev.wsroute.e2e.cluster.work.NamespacedName;
import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Creates EndpointSlices for Services with a selector. */
final class EndpointSliceController implements Controller {

    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private final KubernetesClient client;
    private final Views views;
    private final WorkQueue<NamespacedName> queue = new WorkQueue<>("endpointslices", this::reconcile);

    EndpointSliceController(KubernetesClient client, Views views) {
        this.client = client;
        this.views = views;
        views.services().listen(service -> queue.add(NamespacedName.of(service)));
        views.pods().listen(this::enqueueServices);
        views.endpointSlices()
                .listen(slice -> serviceOf(slice)
                        .ifPresent(name -> queue.add(
                                new NamespacedName(NamespacedName.of(slice).namespace(), name))));
    }

    private void enqueueServices(Pod pod) {
        views.services()
                .list(NamespacedName.of(pod).namespace())
                .filter(service -> hasSelector(service)
                        && Selectors.matches(
                                service.getSpec().getSelector(),
                                pod.getMetadata().getLabels()))
                .forEach(service -> queue.add(NamespacedName.of(service)));
    }

    private static boolean hasSelector(Service service) {
        return service.getSpec().getSelector() != null
                && !service.getSpec().getSelector().isEmpty();
    }

    /** The Service that a slice of this controller belongs to. */
    private static Optional<String> serviceOf(EndpointSlice slice) {
        Map<String, String> labels =
                Objects.requireNonNullElse(slice.getMetadata().getLabels(), Map.of());
        return MANAGER.equals(labels.get(MANAGED_BY))
                ? Optional.ofNullable(labels.get(SERVICE_NAME))
                : Optional.empty();
    }

    private void reconcile(NamespacedName key) {
        views.services()
                .get(key)
                .filter(service -> service.getMetadata().getDeletionTimestamp() == null)
                .filter(service -> hasSelector(service)
                        && !"ExternalName".equals(service.getSpec().getType()))
                .ifPresent(this::reconcile);
    }

    private void reconcile(Service service) {
        List<Pod> pods = views.pods()
                .list(service.getMetadata().getNamespace())
                .filter(pod -> Selectors.matches(
                        service.getSpec().getSelector(), pod.getMetadata().getLabels()))
                .toList();
        Map<String, String> labels = labels(service);
        SlicePlan plan = SlicePlan.of(slices(service), PodEndpoints.of(service, pods));
        plan.update().forEach((slice, endpoints) -> {
            if (!endpoints.equals(SlicePlan.endpointsOf(slice))
                    || !labels.equals(slice.getMetadata().getLabels())) {
                EndpointSlice changed = new EndpointSliceBuilder(slice)
                        .editMetadata()
                        .withLabels(labels)
                        .endMetadata()
                        .withEndpoints(endpoints)
                        .build();
                views.endpointSlices().wrote(client.resource(changed).update());
            }
        });
        plan.create()
                .forEach(content -> views.endpointSlices()
                        .wrote(client.resource(slice(service, labels, content)).create()));
        plan.delete().forEach(slice -> {
            client.resource(slice).delete();
            views.endpointSlices().deleted(slice);
        });
    }

    private List<EndpointSlice> slices(Service service) {
        return views.endpointSlices()
                .list(service.getMetadata().getNamespace())
                .filter(slice -> serviceOf(slice)
                        .equals(Optional.of(service.getMetadata().getName())))
                .filter(slice -> Owners.isControlledBy(slice, service))
                .filter(slice -> !views.endpointSlices().wasDeleted(slice))
                .toList();
    }

    private static Map<String, String> labels(Service service) {
        Map<String, String> labels =
                new HashMap<>(Objects.requireNonNullElse(service.getMetadata().getLabels(), Map.of()));
        labels.put(SERVICE_NAME, service.getMetadata().getName());
        labels.put(MANAGED_BY, MANAGER);
        if ("None".equals(service.getSpec().getClusterIP())) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }

    private static EndpointSlice slice(Service service, Map<String, String> labels, SlicePlan.Content content) {
        String prefix = service.getMetadata().getName() + "-";
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withGenerateName(prefix)
                .withName(RandomNames.withPrefix(prefix))
                .withLabels(labels)
                .withOwnerReferences(Owners.controlledBy(service))
                .endMetadata()
                .withAddressType("IPv4")
                .withEndpoints(content.endpoints())
                .withPorts(content.ports())
                .build();
    }

    @Override
    public void close() {
        queue.close();
    }
}
