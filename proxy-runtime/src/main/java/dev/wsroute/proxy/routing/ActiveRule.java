// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.config.RouteConfig.Paths;
import dev.wsroute.config.RuleConfig;

/**
 * A compiled rule, as selected by one of its matches. Connections keep the rule that they were opened with.
 *
 * @param route {@code namespace/name} of its route
 * @param config settings in the document
 * @param endpoints selects the endpoints of its connections
 * @param paths whether its route accepts ambiguous paths
 * @param rewrite rewrite of the request target, for the match
 */
public record ActiveRule(
        String route, RuleConfig config, EndpointSelector endpoints, Paths paths, TargetRewrite rewrite) {

    /** A rule without a rewrite, of a route that accepts ambiguous paths. */
    public ActiveRule(String route, RuleConfig config, EndpointSelector endpoints) {
        this(route, config, endpoints, Paths.AsReceived, TargetRewrite.NONE);
    }
}
