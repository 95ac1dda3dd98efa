// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** What holds for each connection. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Connections(
        @JsonPropertyDescription(
                "How many further endpoints are tried when connecting fails, before the request was sent.")
        @Nullable Integer connectRetries,

        @JsonPropertyDescription(
                "Bytes that a WebSocket message may have in either direction, all its fragments together; beyond them"
                        + " the connection is closed with 1009. Absent: no limit.")
        @Nullable Long maxMessageBytes,

        @JsonPropertyDescription(
                "How long a WebSocket lives at most; then it is closed with 1012, upon which clients connect anew."
                        + " Absent: no maximum.")
        @Nullable String maxAge,

        @JsonPropertyDescription(
                "By how many percent of maxAge each WebSocket may end earlier, at random, so that not all that came"
                        + " together leave together. Without maxAge it means nothing.")
        @Nullable Integer maxAgeJitterPercent,

        @JsonPropertyDescription(
                "Pings of the proxy's own towards clients that are silent. Absent: only the backend pings.")
        @Nullable Ping ping) {

    /** Pings towards clients that are silent. */
    public record Ping(
            @JsonPropertyDescription(
                    "How long a client must have been silent to be pinged, and how long it may take to answer.")
            @Required
            String interval) {}
}
