// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One path of one host, as an Ingress has it.
 *
 * @param host the empty text for any host
 */
record Location(
        Source source,
        String host,
        @Nullable String path,
        @Nullable String pathType,
        ObjectNode backend) {

    static Optional<Location> of(Source source, String host, HTTPIngressPath path) {
        return backend(path.getBackend())
                .map(backend -> new Location(source, host, path.getPath(), path.getPathType(), backend));
    }

    static Optional<Location> ofDefault(Source source, @Nullable IngressBackend backend) {
        return backend(backend).map(service -> new Location(source, "", "/", "Prefix", service));
    }

    /** Empty if it is no Service. */
    private static Optional<ObjectNode> backend(@Nullable IngressBackend backend) {
        if (backend == null || backend.getService() == null) {
            return Optional.empty();
        }
        ObjectNode ref = JsonNodeFactory.instance.objectNode();
        ObjectNode service = ref.putObject("service");
        service.put("name", backend.getService().getName());
        var port = backend.getService().getPort();
        if (port != null && port.getNumber() != null) {
            service.put("port", port.getNumber());
        } else if (port != null) {
            service.put("port", port.getName());
        }
        return Optional.of(ref);
    }

    boolean samePath(Location other) {
        return String.valueOf(path).equals(String.valueOf(other.path))
                && String.valueOf(pathType).equals(String.valueOf(other.pathType));
    }

    String serviceName() {
        return backend.path("service").path("name").asText();
    }
}
