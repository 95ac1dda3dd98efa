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

/** The desired state. The operator never writes it. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WebSocketRouteSpec(
        @JsonPropertyDescription(
                "Host names that the route serves: exact names, or wildcards such as *.example.com, in lower "
                        + "case and without a port. Empty: any host.")
        @Size(max = 64) @Nullable List<String> hostnames,

        @JsonPropertyDescription(
                "Rules for requests to these hosts. If several match, the Gateway API's precedence decides: "
                        + "exact path, regular expression, longest prefix, then most headers, most query parameters, most "
                        + "subprotocols, then the first in the list.")
        @Required
        @Size(min = 1, max = 64) List<RouteRule> rules,

        @JsonPropertyDescription(
                "How to handle ambiguous paths. AsReceived: all paths are matched and forwarded byte for byte. "
                        + "RejectAmbiguous: paths that a backend may interpret as another path, such as /x/../admin, "
                        + "//admin, /%61dmin or /admin;x, get 400, whatever rule they match.")
        RouteConfig.@Nullable Paths paths,

        @JsonPropertyDescription(
                "Settings of the proxy that serves this route, within the limits that the administrator sets.")
        @Default("{}")
        @Nullable ProxySpec proxy) {

    public WebSocketRouteSpec {
        hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
        rules = rules == null ? List.of() : List.copyOf(rules);
    }

    /** The same spec with other rules. */
    public WebSocketRouteSpec withRules(List<RouteRule> others) {
        return new WebSocketRouteSpec(hostnames, others, paths, proxy);
    }
}
