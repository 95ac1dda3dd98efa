// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.BackendRef.PodSelector;
import dev.wsroute.api.v1alpha1.BackendRef.ServiceRef;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Names of backends in status, metrics and logs. */
final class BackendNames {

    private BackendNames() {}

    /**
     * For example {@code service/chat:ws}, or {@code service/shared/chat:ws} in another namespace than the route's.
     *
     * @param namespace of the Service; null for the route's
     */
    static String of(@Nullable String namespace, ServiceRef service) {
        return "service/" + (namespace == null ? "" : namespace + "/") + service.name() + ":" + port(service.port());
    }

    /** For example {@code pods/app=chat,track=canary:8010}. */
    static String of(PodSelector selector, IntOrString port) {
        return new TreeMap<>(selector.matchLabels())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(",", "pods/", ":" + port(port)));
    }

    static String port(IntOrString port) {
        return port.getIntVal() != null ? port.getIntVal().toString() : String.valueOf(port.getStrVal());
    }
}
