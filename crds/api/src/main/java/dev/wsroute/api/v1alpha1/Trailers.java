// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of the trailers that pass. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Trailers(
        @JsonPropertyDescription(
                "Names of those that clients send and backends see; upper and lower case are the same.")
        @Size(max = 16) @Nullable List<String> request,

        @JsonPropertyDescription(
                "Names of those that backends send and clients see; upper and lower case are the same.")
        @Size(max = 16) @Nullable List<String> response) {}
