// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The ports of a Service in one pod. A named target port may be a different number in another pod. */
final class SlicePort {

    private static final String TCP = "TCP";

    private SlicePort() {}

    /** Omits ports that the pod does not have. */
    static List<EndpointPort> of(Service service, Pod pod) {
        List<EndpointPort> ports = new ArrayList<>();
        for (ServicePort port : service.getSpec().getPorts()) {
            target(port, pod)
                    .ifPresent(number -> ports.add(new EndpointPortBuilder()
                            .withName(Objects.requireNonNullElse(port.getName(), ""))
                            .withProtocol(protocol(port.getProtocol()))
                            .withAppProtocol(port.getAppProtocol())
                            .withPort(number)
                            .build()));
        }
        return ports;
    }

    private static Optional<Integer> target(ServicePort port, Pod pod) {
        @Nullable IntOrString target = port.getTargetPort();
        if (target == null) {
            return Optional.of(port.getPort());
        }
        if (target.getStrVal() == null) {
            // Some clients send an unset target port as zero.
            return Optional.of(target.getIntVal() == 0 ? port.getPort() : target.getIntVal());
        }
        for (Container container : pod.getSpec().getContainers()) {
            for (ContainerPort candidate : container.getPorts()) {
                if (target.getStrVal().equals(candidate.getName())
                        && protocol(port.getProtocol()).equals(protocol(candidate.getProtocol()))) {
                    return Optional.of(candidate.getContainerPort());
                }
            }
        }
        return Optional.empty();
    }

    private static String protocol(@Nullable String protocol) {
        return Objects.requireNonNullElse(protocol, TCP);
    }
}
