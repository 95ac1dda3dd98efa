package dev.wsroute.proxy.routing;

import org.jspecify.annotations.Nullable;

/** Finds the rule for a request in the newest snapshot. Called on every event loop; never blocks. */
public interface Router {

    /**
     * @param host of the Host header, lower case, without port; empty when there was none
     * @param path as received, without its query: neither decoded nor normalised
     * @return null when no route fits
     */
    @Nullable ActiveRule route(String host, String path);
}
