package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.request.RequestFacts;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses endpoints for new connections of one rule. Called on every event loop; never blocks. */
public interface EndpointSelector {

    /**
     * @param request what a choice by key or cookie looks at
     * @param tried endpoints that failed already for this request
     * @return a lease that counts as one live connection until released; null when no endpoint can be had
     */
    @Nullable EndpointLease select(RequestFacts request, Set<EndpointKey> tried);
}
