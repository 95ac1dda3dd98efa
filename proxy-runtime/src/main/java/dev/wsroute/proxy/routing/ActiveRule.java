// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.config.RouteConfig.Paths;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.tls.TlsBackend;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A compiled rule, as selected by one of its matches. Connections keep the rule that they were opened with.
 *
 * @param route {@code namespace/name} of its route
 * @param config settings in the document
 * @param endpoints selects the endpoints of its connections
 * @param paths whether its route accepts ambiguous paths
 * @param rewrite rewrite of the request target, for the match
 * @param secured TLS to its backends by their names, without those that have none
 * @param access decides which of its requests are served; null: all of them
 */
public record ActiveRule(
        String route,
        RuleConfig config,
        EndpointSelector endpoints,
        Paths paths,
        TargetRewrite rewrite,
        Map<String, TlsBackend> secured,
        @Nullable AccessGate access) {

    /** A rule without a rewrite and without TLS, of a route that accepts ambiguous paths. */
    public ActiveRule(String route, RuleConfig config, EndpointSelector endpoints) {
        this(route, config, endpoints, Map.of());
    }

    /** A rule without a rewrite, of a route that accepts ambiguous paths. */
    public ActiveRule(String route, RuleConfig config, EndpointSelector endpoints, Map<String, TlsBackend> secured) {
        this(route, config, endpoints, Paths.AsReceived, TargetRewrite.NONE, secured, null);
    }

    /** TLS to the backend with this name; null for none. */
    public @Nullable TlsBackend tls(String backend) {
        return secured.get(backend);
    }
}
