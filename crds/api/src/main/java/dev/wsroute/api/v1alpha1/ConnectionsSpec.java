// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.wsroute.config.ConnectionRules.RateAction;
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
        @Nullable PingSpec ping,

        @JsonPropertyDescription(
                "How many messages a client may send per second on one WebSocket. A message counts once, "
                        + "with all its fragments; control frames do not count. Absent: no limit.")
        @Nullable Integer messagesPerSecond,

        @JsonPropertyDescription("How many messages may come at once after a silence. Absent: those of a second.")
        @Nullable Integer messagesBurst,

        @JsonPropertyDescription(
                "How many bytes a client may send per second on one WebSocket, as they are on the wire: "
                        + "compressed, and with the headers of all frames. Absent: no limit.")
        @Nullable Long bytesPerSecond,

        @JsonPropertyDescription("How many bytes may come at once after a silence. Absent: those of a second.")
        @Nullable Long bytesBurst,

        @JsonPropertyDescription("What happens to a client that sends faster. Pause: the proxy reads no faster, and "
                + "the client's TCP connection holds it back. Close: the WebSocket is closed with 1008. Absent: Pause.")
        @Nullable RateAction onRateExceeded) {

    /** Pings to silent clients. */
    public record PingSpec(
            @JsonPropertyDescription(
                    "After how long a silent client is pinged, and how long it may then take to answer.")
            @Required
            String interval) {}
}
