package dev.wsroute.operator.compile;

import dev.wsroute.config.ProxyPorts;
import dev.wsroute.operator.compile.UnresolvedRef.Reason;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resolves a Service's port, by name or number, to the name that EndpointSlices carry. */
final class ServicePorts {

    private ServicePorts() {}

    /** What became of a reference. */
    sealed interface Resolution {

        /** @param portName empty for a Service's only, unnamed port */
        record Resolved(String portName) implements Resolution {}

        /** @param problem why the backend is left out */
        record Missing(UnresolvedRef problem) implements Resolution {}
    }

    static Resolution resolve(String namespace, String name, IntOrString port, @Nullable Service service) {
        String who = "Service " + namespace + "/" + name;
        if (service == null || service.getSpec() == null) {
            return missing(Reason.BackendNotFound, who + " does not exist.");
        }
        if ("ExternalName".equals(service.getSpec().getType())) {
            return missing(
                    Reason.UnsupportedBackend,
                    who + " is of type ExternalName, which has no endpoints; give a Service that selects pods.");
        }
        List<ServicePort> ports = service.getSpec().getPorts().stream()
                .filter(p -> p.getProtocol() == null || p.getProtocol().equals("TCP"))
                .toList();
        return ports.stream()
                .filter(p -> matches(p, port))
                .findFirst()
                .map(p -> open(who, p))
                .orElseGet(() -> missing(
                        Reason.PortNotFound,
                        who + " has no TCP port " + BackendNames.port(port) + "; " + offered(ports) + "."));
    }

    /** Any port number of the pods is allowed except those that the proxies reserve. */
    private static Resolution open(String who, ServicePort port) {
        IntOrString target = port.getTargetPort();
        Integer number = target == null ? port.getPort() : number(target);
        return number != null && ProxyPorts.isReserved(number)
                ? missing(
                        Reason.UnsupportedBackend,
                        who + " leads to port " + number + " of its pods, which is the proxies' own, for metrics and"
                                + " probes.")
                : new Resolution.Resolved(Objects.requireNonNullElse(port.getName(), ""));
    }

    private static boolean matches(ServicePort offered, IntOrString wanted) {
        Integer number = number(wanted);
        return number != null
                ? number.equals(offered.getPort())
                : Objects.equals(wanted.getStrVal(), offered.getName());
    }

    /** Port names hold a letter, so digits in quotes are a number. */
    private static @Nullable Integer number(IntOrString port) {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        String text = port.getStrVal();
        return text != null && text.matches("\\d{1,5}") ? Integer.valueOf(text) : null;
    }

    private static String offered(List<ServicePort> ports) {
        if (ports.isEmpty()) {
            return "it has none";
        }
        return ports.stream()
                .map(p -> p.getName() == null ? "" + p.getPort() : p.getName() + " (" + p.getPort() + ")")
                .collect(Collectors.joining(", ", "it has ", ""));
    }

    private static Resolution missing(Reason reason, String sentence) {
        return new Resolution.Missing(new UnresolvedRef(reason, sentence));
    }
}
