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
 * Takes ports away that somebody made of ours by changing their numbers. A Service's ports are told apart by number, so
 * that applying ours adds them beside those, and the API refuses two ports of one name.
 *
 * <p>The port in the way is first given another name, then ours are applied, then it is removed: a list that is replaced
 * at once would be owned by an update beside the apply, and a later apply could take nothing out of it.
 */
final class ServicePortRepair {

    private static final Logger LOG = LoggerFactory.getLogger(ServicePortRepair.class);
    private static final int UNPROCESSABLE = 422;
    private static final String ASIDE = "wsroute-displaced-";

    private final KubernetesClient client;

    ServicePortRepair(KubernetesClient client) {
        this.client = client;
    }

    /** Whether a repair was begun and not finished. */
    static boolean isUnfinished(Service service) {
        return service.getSpec().getPorts().stream().anyMatch(ServicePortRepair::isAside);
    }

    /** Applies by {@code apply} what {@code desired} says, and repairs the ports if they are why the API refuses it. */
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
            if (isInTheWay(ports.get(i), desired)) {
                LOG.warn(
                        "Somebody changed the number of port {} of Service {} to {}; taking that port away",
                        ports.get(i).getName(),
                        actual.getMetadata().getName(),
                        ports.get(i).getPort());
                operations.add(Map.of(
                        "op",
                        "replace",
                        "path",
                        "/spec/ports/" + i + "/name",
                        "value",
                        ASIDE + ports.get(i).getPort()));
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
            if (isAside(ports.get(i))) {
                operations.add(Map.of("op", "remove", "path", "/spec/ports/" + i));
            }
        }
        return patch(service, operations);
    }

    /** Refused where the Service changed meanwhile, since places in the list are all that a patch can name. */
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
                                .withFieldManager(Names.FIELD_MANAGER)
                                .build(),
                        Serialization.asJson(all));
    }

    /** By a name of ours and a key that is none of ours. */
    private static boolean isInTheWay(ServicePort port, Service desired) {
        List<ServicePort> ours = desired.getSpec().getPorts();
        return ours.stream().anyMatch(our -> Objects.equals(our.getName(), port.getName()))
                && ours.stream().map(ServicePortRepair::key).noneMatch(Predicate.isEqual(key(port)));
    }

    private static String key(ServicePort port) {
        return port.getPort() + "/" + Objects.requireNonNullElse(port.getProtocol(), "TCP");
    }

    private static boolean isAside(ServicePort port) {
        return port.getName() != null && port.getName().startsWith(ASIDE);
    }
}
