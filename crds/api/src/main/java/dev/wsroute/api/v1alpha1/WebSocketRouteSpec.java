// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.RouteConfig;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user wants. The operator never writes to it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WebSocketRouteSpec(
        @JsonPropertyDescription(
                "Hosts that the route answers for: exact names, or wildcards such as *.example.com, lower case,"
                        + " without port. Empty: any host.")
        @Size(max = 64) @Nullable List<String> hostnames,

        @JsonPropertyDescription(
                "What happens with the requests for these hosts. Tried by Gateway API precedence: exact path,"
                        + " regular expression, longest prefix, then most headers, most query parameters, most"
                        + " subprotocols, then the first in the list.")
        @Required
        @Size(min = 1, max = 64) List<RouteRule> rules,

        @JsonPropertyDescription(
                "Which spellings of paths the route takes. AsReceived: all, matched and forwarded byte for"
                        + " byte. RejectAmbiguous: paths that a backend may take for another one, such as /x/../admin,"
                        + " //admin, /%61dmin or /admin;x, are answered 400, whatever rule they fit.")
        RouteConfig.@Nullable Paths paths,

        @JsonPropertyDescription("How the proxy that serves this route runs.") @Default("{}") @Nullable ProxySpec proxy) {

    public WebSocketRouteSpec {
        hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
        rules = rules == null ? List.of() : List.copyOf(rules);
    }
}
