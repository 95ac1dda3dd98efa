package dev.wsroute.proxy.routing;

import org.jspecify.annotations.Nullable;

/** Finds the rule for a request in one snapshot. Called on every event loop; never blocks. */
public interface Router {

    /**
     * @return null when no route fits
     */
    @Nullable ActiveRule route(RequestFacts request);
}
