package dev.wsroute.proxy.discovery;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The endpoints of one source at one moment: immutable, in an order that does not depend on how they were found, so
 * that equal sets are equal lists.
 */
public record EndpointSet(List<Endpoint> endpoints) {

    private static final Comparator<Endpoint> BY_KEY = Comparator.comparing(
                    (Endpoint e) -> e.key().id())
            .thenComparing(e -> e.key().port());

    /** No endpoint at all. */
    public static final EndpointSet EMPTY = new EndpointSet(List.of());

    public EndpointSet {
        endpoints = endpoints.stream().sorted(BY_KEY).toList();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return endpoints.isEmpty();
    }

    /** The identities, as a set of its own. */
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
