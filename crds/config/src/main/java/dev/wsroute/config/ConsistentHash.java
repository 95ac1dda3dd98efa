package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is hashed; a request without it goes by its client's address.
 *
 * @param type where it is found
 * @param name of the header, cookie or query parameter; absent with {@link Type#ClientIP} only
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConsistentHash(
        @JsonProperty(required = true) Type type, @Nullable String name) {

    /** Where the hashed value is found. */
    public enum Type {
        /** The client's address, as {@link ClientAddressConfig} tells it. */
        ClientIP,
        /** A header's first value. */
        Header,
        /** A cookie's value. */
        Cookie,
        /** A query parameter's first value, percent-decoded. */
        QueryParam
    }
}
