// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A header or a query parameter.
 *
 * @param name case-insensitive for headers, case-sensitive for query parameters
 * @param value compared byte for byte
 */
public record NameValue(
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) String value) {}
