// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.identity;

import dev.wsroute.testkit.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A password for HTTP Basic (RFC 7617).
 *
 * @param user whose it is
 * @param text in the clear
 */
public record Password(String user, String text) implements Credential {

    private static final int SALT_BYTES = 16;

    /** The cheapest. */
    private static final int COST = 4;

    /** A new one. */
    public static Password of(String user) {
        return new Password(user, Secrets.noted("password", UUID.randomUUID().toString()));
    }

    /** As {@code htpasswd -B} writes it. */
    @Override
    public String line() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return user + ":" + OpenBSDBCrypt.generate("2y", text.toCharArray(), salt, COST);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + text).getBytes(StandardCharsets.UTF_8)));
    }
}
