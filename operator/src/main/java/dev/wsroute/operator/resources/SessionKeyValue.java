package dev.wsroute.operator.resources;

import dev.wsroute.operator.compile.SessionKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The key that a route's session cookies are made with. Its text does not show it.
 *
 * @param base64 as a Secret holds it
 */
public record SessionKeyValue(String base64) {

    /** As many as the hash has that the cookies are made with: more add nothing, proxies refuse fewer. */
    static final int BYTES = 32;

    static SessionKeyValue random(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return new SessionKeyValue(Base64.getEncoder().encodeToString(key));
    }

    /** The one in {@code secret}, unless it has none that proxies would take. */
    static Optional<SessionKeyValue> in(Secret secret) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(SessionKey.DATA_KEY))
                .filter(base64 -> Base64.getDecoder().decode(base64).length >= BYTES)
                .map(SessionKeyValue::new);
    }

    @Override
    public String toString() {
        return "a session key";
    }
}
