// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.material.MaterialException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A salted hash of a password that is expensive to compute. Fast ones (MD5, SHA-1, crypt) are no use against somebody who has the
 * file, and are refused.
 */
interface PasswordHash {

    /** As in the file. Not for logs. */
    String text();

    /** Whether it is the hash of this password. Takes tens of milliseconds: never call it on an event loop. */
    boolean matches(byte[] password);

    /**
     * Reads a hash as {@code htpasswd -B} or {@code argon2 -e} writes it.
     *
     * @throws MaterialException if the hash is malformed, of another kind, or too expensive
     */
    static PasswordHash parse(String text) throws MaterialException {
        return text.startsWith("$argon2") ? Argon2Hash.parse(text) : Bcrypt.parse(text);
    }

    /** {@code $2y$COST$SALT-AND-HASH}. */
    record Bcrypt(String text) implements PasswordHash {

        /** Each step doubles the time; 14 takes about a second. */
        private static final int MAX_COST = 14;

        /** Bcrypt ignores what follows. */
        private static final int MAX_PASSWORD = 72;

        private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

        static Bcrypt parse(String text) throws MaterialException {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new MaterialException("must have a bcrypt or Argon2 hash, as htpasswd -B writes it");
            }
            int cost = Integer.parseInt(matcher.group(1));
            if (cost < 4 || cost > MAX_COST) {
                throw new MaterialException("has a bcrypt cost of " + cost + ", which must be 4 to " + MAX_COST);
            }
            return new Bcrypt(text);
        }

        @Override
        public boolean matches(byte[] password) {
            return password.length <= MAX_PASSWORD && OpenBSDBCrypt.checkPassword(text, password);
        }

        @Override
        public String toString() {
            return "bcrypt";
        }
    }
}
