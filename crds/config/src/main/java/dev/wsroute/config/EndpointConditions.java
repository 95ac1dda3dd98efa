package dev.wsroute.config;

import java.util.Collection;
import java.util.List;

/** What an EndpointSlice says of an endpoint's pod, each condition as consumers are to read it where it is absent. */
public interface EndpointConditions {

    /** It takes new connections. */
    boolean ready();

    /** It answers, though it may be terminating. */
    boolean serving();

    /** It is being deleted. */
    boolean terminating();

    /** Those that new connections go to: ready ones that stay; if all are terminating, those that still serve. */
    static <E extends EndpointConditions> List<E> takingConnections(Collection<E> endpoints) {
        boolean allTerminating = endpoints.stream().allMatch(EndpointConditions::terminating);
        return endpoints.stream()
                .filter(endpoint -> allTerminating ? endpoint.serving() : endpoint.ready() && !endpoint.terminating())
                .toList();
    }
}
