package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy says of itself, as JSON under its pod's name in the report ConfigMap.
 *
 * @param applied the version that it runs; absent before the first
 * @param refused the newer version that it would not take; absent when the last one offered was taken
 * @param connections live WebSocket connections
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProxyReport(
        @Nullable ConfigVersion applied, @Nullable Refusal refused, long connections) {

    /**
     * @param version what was refused; absent when it could not even be read
     * @param reason one sentence that names the field
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Refusal(@Nullable ConfigVersion version, String reason) {}
}
