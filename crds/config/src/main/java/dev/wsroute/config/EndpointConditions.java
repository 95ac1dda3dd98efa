// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.Collection;
import java.util.List;

/** The conditions of an endpoint in an EndpointSlice, with the defaults that Kubernetes defines for absent ones. */
public interface EndpointConditions {

    /** It accepts new connections. */
    boolean ready();

    /** It still serves connections, though it may be terminating. */
    boolean serving();

    /** Its pod is being deleted. */
    boolean terminating();

    /** The endpoints for new connections: ready ones that are not terminating; if all are terminating, those still serving. */
    static <E extends EndpointConditions> List<E> takingConnections(Collection<E> endpoints) {
        boolean allTerminating = endpoints.stream().allMatch(EndpointConditions::terminating);
        return endpoints.stream()
                .filter(endpoint -> allTerminating ? endpoint.serving() : endpoint.ready() && !endpoint.terminating())
                .toList();
    }
}
