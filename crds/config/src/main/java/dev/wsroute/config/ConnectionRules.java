package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for each WebSocket.
 *
 * @param maxMessageBytes payload of a whole message in either direction, closed with 1009 beyond; absent: no limit
 * @param maxAge how long one lives at most, closed with 1012 then; absent: for ever
 * @param maxAgeJitterPercent how much of {@code maxAge} each may end before it, at random; 0 to 100
 * @param pingInterval how long a client may be silent before it is pinged, at least 1 s; absent: never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionRules(
        @Nullable Long maxMessageBytes,
        @Nullable Duration maxAge,
        Integer maxAgeJitterPercent,
        @Nullable Duration pingInterval) {

    /** No limit, no maximum age, no pings. */
    public static final ConnectionRules DEFAULT = new ConnectionRules(null, null, 10, null);

    public ConnectionRules {
        maxAgeJitterPercent = Defaults.or(maxAgeJitterPercent, 10);
    }
}
