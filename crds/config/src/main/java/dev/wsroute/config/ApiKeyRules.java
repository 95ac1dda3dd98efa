// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Which API keys let a request pass.
 *
 * @param credentials lines {@code NAME:KEY} or {@code NAME:sha256:HEX}
 * @param from where the key is looked for, in this order; empty: the header {@value #HEADER}
 * @param forward whether the backend gets the key; one of a query it never gets
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiKeyRules(
        @JsonPropertyDescription("The keys: lines NAME:KEY, or NAME:sha256:HEX with a digest of the key.")
        @JsonProperty(required = true)
        CredentialSource credentials,

        List<CredentialPlace> from,
        Boolean forward) {

    /** Where keys are by default. */
    public static final String HEADER = "X-API-Key";

    private static final List<CredentialPlace> DEFAULT =
            List.of(new CredentialPlace(CredentialPlace.Type.Header, HEADER));

    public ApiKeyRules {
        from = Defaults.list(from);
        forward = Defaults.or(forward, false);
    }

    /** Where the key is looked for. */
    public List<CredentialPlace> places() {
        return from.isEmpty() ? DEFAULT : from;
    }
}
