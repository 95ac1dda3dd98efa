// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The endpoints of one source at one moment. Immutable and sorted by key, so that equal sets are equal lists. */
public record EndpointSet(List<Endpoint> endpoints) {

    private static final Comparator<Endpoint> BY_KEY = Comparator.comparing(
                    (Endpoint e) -> e.key().id())
            .thenComparing(e -> e.key().port());

    /** The empty set. */
    public static final EndpointSet EMPTY = new EndpointSet(List.of());

    public EndpointSet {
        endpoints = endpoints.stream().sorted(BY_KEY).toList();
    }

    /** Whether the set is empty. */
    public boolean isEmpty() {
        return endpoints.isEmpty();
    }

    /** The keys, as a new set. */
    public Set<EndpointKey> keys() {
        Set<EndpointKey> keys = new HashSet<>();
        endpoints.forEach(endpoint -> keys.add(endpoint.key()));
        return keys;
    }

    /** A set of the given endpoints. */
    public static EndpointSet of(Collection<Endpoint> endpoints) {
        return endpoints.isEmpty() ? EMPTY : new EndpointSet(List.copyOf(endpoints));
    }
}
