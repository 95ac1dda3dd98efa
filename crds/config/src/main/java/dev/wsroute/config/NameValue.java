package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A header or a query parameter.
 *
 * @param name of headers compared without regard to case, of query parameters byte for byte
 * @param value byte for byte
 */
public record NameValue(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String value) {}
