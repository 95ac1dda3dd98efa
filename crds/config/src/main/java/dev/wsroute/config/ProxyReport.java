// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The report of a proxy, as JSON under the name of its pod in the report ConfigMap.
 *
 * @param applied the version that it runs; absent before the first one
 * @param refused the newer version that it rejected; absent if it applied the latest one
 * @param connections live WebSocket connections
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProxyReport(
        @Nullable ConfigVersion applied, @Nullable Refusal refused, long connections) {

    /**
     * @param version the rejected version; absent if it could not be read
     * @param reason one sentence with the path of the field
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Refusal(@Nullable ConfigVersion version, String reason) {}
}
