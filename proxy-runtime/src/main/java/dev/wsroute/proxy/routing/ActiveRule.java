package dev.wsroute.proxy.routing;

import dev.wsroute.config.RouteConfig.Paths;
import dev.wsroute.config.RuleConfig;

/**
 * A rule of the newest snapshot with what it needs at work, as one of its matches found it. Connections keep the one
 * that they were opened with.
 *
 * @param route {@code namespace/name} of its route
 * @param config as the document has it
 * @param endpoints where its connections go
 * @param paths which spellings of paths its route takes
 * @param rewrite what a backend is asked for, by the match that fits
 */
public record ActiveRule(
        String route, RuleConfig config, EndpointSelector endpoints, Paths paths, TargetRewrite rewrite) {

    /** A rule that rewrites nothing, of a route that takes paths as they come. */
    public ActiveRule(String route, RuleConfig config, EndpointSelector endpoints) {
        this(route, config, endpoints, Paths.AsReceived, TargetRewrite.NONE);
    }
}
