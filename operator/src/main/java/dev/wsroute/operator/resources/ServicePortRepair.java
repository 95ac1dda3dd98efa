// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repairs a Service after somebody has changed the number of one of our ports. Server-side apply merges ports by number, so
 * it would add our port beside the changed one, and the API rejects two ports of the same name.
 *
 * <p>The changed port is renamed, then our ports are applied, then the renamed port is removed. Replacing the list in one
 * update would give that update ownership of it, and a later apply could not remove entries.
 */
final class ServicePortRepair {

    private static final Logger LOG = LoggerFactory.getLogger(ServicePortRepair.class);
    private static final int UNPROCESSABLE = 422;
    private static final String RENAMED_PREFIX = "wsroute-displaced-";

    private final KubernetesClient client;

    ServicePortRepair(KubernetesClient client) {
        this.client = client;
    }

    /** Whether a repair was started but not finished. */
    static boolean isUnfinished(Service service) {
        return service.getSpec().getPorts().stream().anyMatch(ServicePortRepair::isRenamed);
    }

    /** Calls {@code apply} to write {@code desired}; if the API rejects the ports, repairs them and retries. */
    Service apply(Service desired, Supplier<Service> apply) {
        Service applied;
        try {
            applied = apply.get();
        } catch (KubernetesClientException e) {
            Service actual = client.resource(desired).get();
            if (e.getCode() != UNPROCESSABLE || actual == null || !rename(actual, desired)) {
                throw e;
            }
            applied = apply.get();
        }
        return isUnfinished(applied) ? remove(applied) : applied;
    }

    private boolean rename(Service actual, Service desired) {
        List<ServicePort> ports = actual.getSpec().getPorts();
        List<Map<String, Object>> operations = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            if (isDisplaced(ports.get(i), desired)) {
                LOG.warn(
                        "The number of port {} of Service {} was changed to {}; removing that port",
                        ports.get(i).getName(),
                        actual.getMetadata().getName(),
                        ports.get(i).getPort());
                operations.add(Map.of(
                        "op",
                        "replace",
                        "path",
                        "/spec/ports/" + i + "/name",
                        "value",
                        RENAMED_PREFIX + ports.get(i).getPort()));
            }
        }
        if (!operations.isEmpty()) {
            patch(actual, operations);
        }
        return !operations.isEmpty();
    }

    private Service remove(Service service) {
        List<ServicePort> ports = service.getSpec().getPorts();
        List<Map<String, Object>> operations = new ArrayList<>();
        for (int i = ports.size() - 1; i >= 0; i--) {
            if (isRenamed(ports.get(i))) {
                operations.add(Map.of("op", "remove", "path", "/spec/ports/" + i));
            }
        }
        return patch(service, operations);
    }

    /** Fails if the Service has changed meanwhile, since the patch refers to ports by their index. */
    private Service patch(Service service, List<Map<String, Object>> operations) {
        List<Map<String, Object>> all = new ArrayList<>();
        all.add(Map.of(
                "op",
                "test",
                "path",
                "/metadata/resourceVersion",
                "value",
                service.getMetadata().getResourceVersion()));
        all.addAll(operations);
        return client.services()
                .inNamespace(service.getMetadata().getNamespace())
                .withName(service.getMetadata().getName())
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON)
                                .withFieldManager(OwnedNames.FIELD_MANAGER)
                                .build(),
                        Serialization.asJson(all));
    }

    /** Whether the port has the name of one of our ports but a different number or protocol. */
    private static boolean isDisplaced(ServicePort port, Service desired) {
        List<ServicePort> ours = desired.getSpec().getPorts();
        return ours.stream().anyMatch(our -> Objects.equals(our.getName(), port.getName()))
                && ours.stream().map(ServicePortRepair::key).noneMatch(Predicate.isEqual(key(port)));
    }

    private static String key(ServicePort port) {
        return port.getPort() + "/" + Objects.requireNonNullElse(port.getProtocol(), "TCP");
    }

    private static boolean isRenamed(ServicePort port) {
        return port.getName() != null && port.getName().startsWith(RENAMED_PREFIX);
    }
}
