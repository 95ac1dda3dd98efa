// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.operator.compile.SessionKeySecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The key that signs a route's session cookies. {@link #toString} does not reveal it.
 *
 * @param base64 as in the Secret
 */
public record SessionKeyValue(String base64) {

    /** The length of the hash that signs the cookies: more adds nothing, and proxies reject less. */
    static final int BYTES = 32;

    static SessionKeyValue random(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return new SessionKeyValue(Base64.getEncoder().encodeToString(key));
    }

    /** The key in {@code secret}; empty if there is none that proxies accept. */
    static Optional<SessionKeyValue> in(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(SessionKeySecret.DATA_KEY))
                .filter(base64 -> Base64.getDecoder().decode(base64).length >= BYTES)
                .map(SessionKeyValue::new);
    }

    @Override
    public String toString() {
        return "a session key";
    }
}
