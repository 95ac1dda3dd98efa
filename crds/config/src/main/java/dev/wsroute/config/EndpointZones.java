// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where an endpoint is, and which zones it should serve, as its EndpointSlice says
 * (https://kubernetes.io/docs/concepts/services-networking/topology-aware-routing/).
 *
 * @param zone zone of its node; null if unknown
 * @param hints zones that should prefer it ({@code hints.forZones}), sorted; empty if there are none
 */
public record EndpointZones(@Nullable String zone, List<String> hints) {

    /** Nothing is known. */
    public static final EndpointZones UNKNOWN = new EndpointZones(null, List.of());

    public EndpointZones {
        zone = zone == null || zone.isEmpty() ? null : zone;
        hints = List.copyOf(new TreeSet<>(hints));
    }

    /** A zone without hints. */
    public static EndpointZones of(@Nullable String zone) {
        return zone == null ? UNKNOWN : new EndpointZones(zone, List.of());
    }

    /**
     * Merges what two slices say of one endpoint. The order does not matter. Hints count only if both have some, as hints of a
     * Service count only if all of its endpoints have some.
     */
    EndpointZones merge(EndpointZones twin) {
        if (equals(twin)) {
            return this;
        }
        String first = Stream.of(this, twin)
                .map(EndpointZones::zone)
                .filter(Objects::nonNull)
                .sorted()
                .findFirst()
                .orElse(null);
        List<String> both = hints.isEmpty() || twin.hints.isEmpty()
                ? List.of()
                : Stream.concat(hints.stream(), twin.hints.stream()).toList();
        return new EndpointZones(first, both);
    }
}
