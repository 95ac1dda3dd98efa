// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.CredentialPlace;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** API keys that requests must carry. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ApiKeysSpec(
        @JsonPropertyDescription(
                "Secret with the keys, one a line: NAME:KEY with a key of at least 16 characters, or NAME:sha256:HEX with the "
                        + "digest of the key. The name becomes the subject. Changes are in force at once.")
        @Required
        KeysRef secretRef,

        @JsonPropertyDescription(
                "Where the key is looked for, in this order: a header, a cookie or a parameter of the query, by name. Absent: in the "
                        + "header X-API-Key.")
        @Size(max = 8) @Nullable List<PlaceSpec> from,

        @JsonPropertyDescription(
                "Whether the backend gets the key in its header or cookie. Keys of a query it never gets.")
        @Nullable Boolean forward) {

    /** A Secret with API keys. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record KeysRef(
            @JsonPropertyDescription("Name of the Secret in the route's namespace.") @Required
            String name,

            @JsonPropertyDescription("Key in the Secret's data under which the API keys are.")
            @Default("keys")
            @Nullable String key) {}

    /** Where an API key is looked for. */
    public record PlaceSpec(
            @JsonPropertyDescription(
                    "Header: the whole value of a header. Cookie: a cookie. QueryParam: a parameter of the query.")
            @Required
            CredentialPlace.Type type,

            @JsonPropertyDescription("Name of the header, cookie or parameter.") @Required
            String name) {}
}
