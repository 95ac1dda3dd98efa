// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Settings and limits of each connection. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionsSpec(
        @JsonPropertyDescription("How many other endpoints to try if connecting to the first one fails.") @Nullable Integer connectRetries,

        @JsonPropertyDescription(
                "Maximum size in bytes of a WebSocket message in either direction, including all its fragments; "
                        + "larger ones close the connection with 1009. Absent: no limit.")
        @Nullable Long maxMessageBytes,

        @JsonPropertyDescription(
                "Maximum age of a WebSocket. It is then closed with 1012, which tells clients to reconnect. "
                        + "Absent: no maximum.")
        @Nullable String maxAge,

        @JsonPropertyDescription(
                "Each WebSocket may be closed earlier by up to this percentage of maxAge, at random, so that "
                        + "connections that were opened together are not closed together. Has no effect without maxAge.")
        @Nullable Integer maxAgeJitterPercent,

        @JsonPropertyDescription(
                "Pings that the proxy sends to silent clients. Absent: it sends none, and only the backend " + "pings.")
        @Nullable PingSpec ping) {

    /** Pings to silent clients. */
    public record PingSpec(
            @JsonPropertyDescription(
                    "After how long a silent client is pinged, and how long it may then take to answer.")
            @Required
            String interval) {}
}
