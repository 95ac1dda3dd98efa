// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * A route: its hosts and rules.
 *
 * @param name {@code namespace/name}, unique in the document
 * @param hostnames exact names or {@code *.suffix} wildcards, lower case, without port; empty: any host
 * @param paths how to handle ambiguous paths
 * @param rules tried by Gateway API precedence: exact path, regular expression, longest prefix, then most headers, most
 *     query parameters, most subprotocols, then the first in the list
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RouteConfig(
        @JsonPropertyDescription("Name of the route in logs and metrics; unique in the document.")
        @NotBlank @JsonProperty(required = true)
        String name,

        @Text(max = 253, form = TextForm.HOSTNAME) List<String> hostnames,
        Paths paths,
        @NotEmpty("rule") @Distinct List<RuleConfig> rules) {

    public RouteConfig {
        hostnames = Defaults.list(hostnames);
        paths = Defaults.or(paths, Paths.AsReceived);
        rules = Defaults.list(rules);
    }

    /** A route that accepts all paths as received. */
    public RouteConfig(String name, List<String> hostnames, List<RuleConfig> rules) {
        this(name, hostnames, Paths.AsReceived, rules);
    }

    /** How to handle ambiguous paths. */
    public enum Paths {
        /** All paths are matched and forwarded byte for byte. */
        AsReceived,
        /** Paths that a backend may interpret as another path get 400. */
        RejectAmbiguous
    }
}
