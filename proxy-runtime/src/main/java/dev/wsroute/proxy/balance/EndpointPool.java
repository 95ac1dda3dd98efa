package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The endpoints of one source that take new connections: one array, swapped whole, read on every event loop. */
final class EndpointPool {

    private static final Member[] NONE = {};

    private final SourceKey source;
    private final AtomicInteger leases = new AtomicInteger();
    private volatile Member[] takers = NONE;

    EndpointPool(SourceKey source) {
        this.source = source;
    }

    SourceKey source() {
        return source;
    }

    void leased() {
        leases.incrementAndGet();
    }

    void released() {
        leases.decrementAndGet();
    }

    /** Whether a connection, or a handshake under way, goes to an endpoint that was found here. */
    boolean inUse() {
        return leases.get() > 0;
    }

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
