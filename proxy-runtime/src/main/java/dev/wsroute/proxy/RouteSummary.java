// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import java.util.stream.Collectors;

/** Describes a route in one log line. */
final class RouteSummary {

    private RouteSummary() {}

    static String of(RouteConfig route) {
        String hosts = route.hostnames().isEmpty() ? "any host" : String.join(", ", route.hostnames());
        String rules = route.rules().stream().map(RouteSummary::rule).collect(Collectors.joining("; "));
        return "route " + route.name() + " (" + hosts + "): " + rules;
    }

    private static String rule(RuleConfig rule) {
        String paths = rule.matches().stream()
                .map(match -> match.path() == null ? "/" : match.path().value())
                .collect(Collectors.joining(" "));
        String backends = rule.backends().stream().map(BackendConfig::name).collect(Collectors.joining(", "));
        return (paths.isEmpty() ? "/" : paths) + " -> " + (backends.isEmpty() ? "nothing" : backends);
    }
}
