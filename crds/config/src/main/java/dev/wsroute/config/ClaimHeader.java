// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A claim that the backend gets as a header.
 *
 * @param claim its name
 * @param header which the client cannot set
 */
public record ClaimHeader(
        @Text(max = 256) @JsonProperty(required = true) String claim,

        @Text(max = 128, form = TextForm.CHANGEABLE_HEADER) @JsonProperty(required = true)
        String header) {}
