// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.proxy.discovery.EndpointKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses endpoints for new connections of one rule. Called on every event loop; must not block. */
public interface EndpointSelector {

    /**
     * @param request supplies the hash key and the session cookie
     * @param tried endpoints that already failed for this request
     * @return a lease that counts as one live connection until released; null when no endpoint is available
     */
    @Nullable EndpointLease select(RequestFacts request, Set<EndpointKey> tried);
}
