// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.AccessLogConfig;
import org.jspecify.annotations.Nullable;

/** The access log of the proxy, on its standard output. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessLogSpec(
        @JsonPropertyDescription("Whether to log a line when a connection opens and one when it closes.") @Nullable Boolean enabled,

        @JsonPropertyDescription("JSON: one JSON object per line. Text: human-readable lines.")
        AccessLogConfig.@Nullable Format format) {}
