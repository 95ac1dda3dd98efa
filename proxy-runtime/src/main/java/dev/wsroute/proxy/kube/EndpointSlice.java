// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.config.EndpointZones;
import dev.wsroute.config.SliceFacts;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The relevant part of an EndpointSlice ({@code discovery.k8s.io/v1}).
 *
 * @param name its {@code metadata.name}
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}; null if missing
 */
public record EndpointSlice(String name, @Nullable String addressType, List<Port> ports, List<SliceEndpoint> endpoints)
        implements ApiObject, SliceFacts {

    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    static EndpointSlice read(String name, JsonNode slice) {
        return new EndpointSlice(
                name,
                JsonValues.text(slice, "addressType"),
                JsonValues.list(slice.path("ports"), EndpointSlice::port),
                JsonValues.list(slice.path("endpoints"), EndpointSlice::endpoint));
    }

    private static Port port(JsonNode port) {
        return new Port(
                JsonValues.text(port, "name"), JsonValues.integer(port, "port"), JsonValues.text(port, "protocol"));
    }

    private static SliceEndpoint endpoint(JsonNode endpoint) {
        JsonNode address = endpoint.path("addresses").path(0);
        JsonNode conditions = endpoint.path("conditions");
        JsonNode target = endpoint.path("targetRef");
        return new SliceEndpoint(
                address.isTextual() ? address.textValue() : null,
                JsonValues.flag(conditions, "ready"),
                JsonValues.flag(conditions, "serving"),
                JsonValues.flag(conditions, "terminating"),
                target.isObject()
                        ? new Target(
                                JsonValues.text(target, "kind"),
                                JsonValues.text(target, "name"),
                                JsonValues.text(target, "uid"))
                        : null,
                zones(endpoint));
    }

    private static EndpointZones zones(JsonNode endpoint) {
        String zone = JsonValues.text(endpoint, "zone");
        JsonNode hints = endpoint.path("hints").path("forZones");
        return hints.isEmpty()
                ? EndpointZones.of(zone)
                : new EndpointZones(
                        zone,
                        JsonValues.list(hints, hint -> JsonValues.text(hint, "name")).stream()
                                .filter(Objects::nonNull)
                                .toList());
    }
}
