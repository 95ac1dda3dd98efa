// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A public key that verifies tokens.
 *
 * @param id its {@code kid} (RFC 7517 §4.5); null if it has none, as in PEM
 * @param algorithm the only algorithm that it may be used with (RFC 7517 §4.4), such as {@code RS256}; null: any that fits
 *     its kind
 */
public record VerificationKey(
        @Nullable String id,
        KeyKind kind,
        PublicKey key,
        @Nullable String algorithm) {

    /** Its kind alone. */
    @Override
    public String toString() {
        return kind + " key";
    }
}
