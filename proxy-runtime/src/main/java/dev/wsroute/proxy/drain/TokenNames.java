// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import org.jspecify.annotations.Nullable;

/**
 * What a list of revoked tokens may name a token by.
 *
 * @param issuer its {@code iss}; null for none, also of the others
 * @param id its {@code jti}
 * @param subject its {@code sub}
 */
public record TokenNames(
        @Nullable String issuer,
        @Nullable String id,
        @Nullable String subject) {

    /** Approximate heap usage in bytes. */
    int bytes() {
        return 24 + length(issuer) + length(id) + length(subject);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : 48 + text.length();
    }
}
