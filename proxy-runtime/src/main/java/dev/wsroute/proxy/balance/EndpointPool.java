package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import java.util.List;

/** The endpoints of one source that take new connections: one array, swapped whole, read on every event loop. */
final class EndpointPool {

    private static final Member[] NONE = {};

    private volatile Member[] takers = NONE;

    /** Those that a new connection can go to; not to be written to. */
    Member[] takers() {
        return takers;
    }

    void update(EndpointSet endpoints, LoadTable loads) {
        takers = takingConnections(endpoints).stream()
                .map(endpoint -> new Member(endpoint, loads.of(endpoint.key())))
                .toArray(Member[]::new);
    }

    /** Ready ones that stay; where every endpoint is terminating, those that still serve. */
    static List<Endpoint> takingConnections(EndpointSet endpoints) {
        boolean allTerminating = endpoints.endpoints().stream().allMatch(Endpoint::terminating);
        return endpoints.endpoints().stream()
                .filter(endpoint -> allTerminating ? endpoint.serving() : endpoint.ready() && !endpoint.terminating())
                .toList();
    }
}
