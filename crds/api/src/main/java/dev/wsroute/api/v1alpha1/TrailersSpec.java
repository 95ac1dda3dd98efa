// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of the trailers that are forwarded. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TrailersSpec(
        @JsonPropertyDescription("Names of trailers that are forwarded from clients to backends, case-insensitive.")
        @Size(max = 16) @Nullable List<String> request,

        @JsonPropertyDescription("Names of trailers that are forwarded from backends to clients, case-insensitive.")
        @Size(max = 16) @Nullable List<String> response) {}
