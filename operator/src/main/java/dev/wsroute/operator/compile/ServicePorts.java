// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.config.ProxyPorts;
import dev.wsroute.operator.compile.UnresolvedRef.UnresolvedReason;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resolves a Service's port, by name or number, to its name in the EndpointSlices. */
final class ServicePorts {

    private ServicePorts() {}

    /** The result of resolving a reference. */
    sealed interface Resolution {

        /**
         * @param portName empty for an unnamed port, which is the only port of its Service
         * @param appProtocol of the port; null if it does not say
         */
        record Resolved(String portName, @Nullable String appProtocol) implements Resolution {}

        /** @param problem why the backend is omitted */
        record Missing(UnresolvedRef problem) implements Resolution {}
    }

    static Resolution resolve(String namespace, String name, IntOrString port, @Nullable Service service) {
        String who = "Service " + namespace + "/" + name;
        if (service == null || service.getSpec() == null) {
            return missing(UnresolvedReason.BackendNotFound, who + " does not exist.");
        }
        if ("ExternalName".equals(service.getSpec().getType())) {
            return missing(
                    UnresolvedReason.UnsupportedBackend,
                    who + " is of type ExternalName, which has no endpoints; use a Service that selects pods.");
        }
        List<ServicePort> ports = service.getSpec().getPorts().stream()
                .filter(p -> p.getProtocol() == null || p.getProtocol().equals("TCP"))
                .toList();
        return ports.stream()
                .filter(p -> matches(p, port))
                .findFirst()
                .map(p -> open(who, p))
                .orElseGet(() -> missing(
                        UnresolvedReason.PortNotFound,
                        who + " has no TCP port " + BackendNames.port(port) + "; " + offered(ports) + "."));
    }

    /** Rejects the port numbers that the proxies reserve. */
    private static Resolution open(String who, ServicePort port) {
        IntOrString target = port.getTargetPort();
        Integer number = target == null ? port.getPort() : number(target);
        return number != null && ProxyPorts.isReserved(number)
                ? missing(
                        UnresolvedReason.UnsupportedBackend,
                        who + " targets port " + number + " of its pods, which the proxies reserve for metrics and"
                                + " probes.")
                : new Resolution.Resolved(Objects.requireNonNullElse(port.getName(), ""), port.getAppProtocol());
    }

    private static boolean matches(ServicePort offered, IntOrString wanted) {
        Integer number = number(wanted);
        return number != null
                ? number.equals(offered.getPort())
                : Objects.equals(wanted.getStrVal(), offered.getName());
    }

    /** Port names have at least one letter, so a string of digits is a number. */
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

    private static Resolution missing(UnresolvedReason reason, String sentence) {
        return new Resolution.Missing(new UnresolvedRef(reason, sentence));
    }
}
