// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.AccessLogConfig;
import org.jspecify.annotations.Nullable;

/** What the proxy writes of each connection to its standard output. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccessLog(
        @JsonPropertyDescription("Whether a line is written when a connection opens and when it closes.") @Nullable Boolean enabled,

        @JsonPropertyDescription("JSON: an object a line. Text: words for people.")
        AccessLogConfig.@Nullable Format format) {}
