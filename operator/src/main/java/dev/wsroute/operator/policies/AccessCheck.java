// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wsroute.api.v1alpha1.AccessSpec;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.api.v1alpha1.WebSocketRouteSpec;
import dev.wsroute.operator.compile.Compilation.Refused;
import dev.wsroute.operator.compile.ForeignServices;
import dev.wsroute.operator.compile.RouteCompiler;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the access of a policy as that of a route is checked: in a route that has nothing else. */
final class AccessCheck {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private static final WebSocketRouteSpec SPEC = JSON.convertValue(
            Map.of(
                    "rules",
                    List.of(Map.of(
                            "name",
                            "rule",
                            "backendRefs",
                            List.of(Map.of("service", Map.of("name", "backend", "port", 80)))))),
            WebSocketRouteSpec.class);

    private static final String OF_THE_RULE = "spec.rules[0].access";

    private AccessCheck() {}

    /** One sentence per problem, which begins with the path in the policy. */
    static List<String> problems(String namespace, AccessSpec access) {
        try {
            return RouteCompiler.compile(
                                    routeWith(namespace, access),
                                    name -> Optional.empty(),
                                    (other, name) -> new ForeignServices.Lookup.Denied(""),
                                    Map.of())
                            instanceof Refused refused
                    ? refused.problems().stream()
                            .map(problem -> problem.replace(OF_THE_RULE, "spec.access"))
                            .toList()
                    : List.of();
        } catch (RuntimeException | StackOverflowError e) {
            return List.of("spec.access cannot be processed: " + e);
        }
    }

    private static WebSocketRoute routeWith(String namespace, AccessSpec access) {
        WebSocketRoute route = new WebSocketRoute();
        route.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName("policy")
                .withUid("policy")
                .build());
        route.setSpec(SPEC.withRules(List.of(SPEC.rules().get(0).withAccess(access))));
        return route;
    }
}
