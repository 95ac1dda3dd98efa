// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.material.MaterialException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users of an htpasswd file and the hashes of their passwords. Equal if they have the same users and hashes. Immutable.
 *
 * @param hashes by user; empty if the last user was removed
 */
record Users(Map<String, PasswordHash> hashes) {

    private static final int MAX_USERS = 10_000;
    private static final int MAX_NAME = 255;

    /** @throws MaterialException with the number of the line that is wrong, and never its text */
    static Users parse(String key, byte[] data) throws MaterialException {
        Map<String, PasswordHash> hashes = new HashMap<>();
        CredentialLines lines = CredentialLines.of(key, data);
        while (lines.next()) {
            String line = lines.current();
            int colon = line.indexOf(':');
            if (colon < 1 || colon > MAX_NAME) {
                throw lines.fault("must have the form USER:HASH with a user of 1 to " + MAX_NAME + " characters");
            }
            PasswordHash hash;
            try {
                hash = PasswordHash.parse(line.substring(colon + 1));
            } catch (MaterialException e) {
                throw lines.fault(e.sentence());
            }
            if (hashes.put(line.substring(0, colon), hash) != null) {
                throw lines.fault("repeats an earlier user");
            }
            if (hashes.size() > MAX_USERS) {
                throw new MaterialException(key + " has more than " + MAX_USERS + " users");
            }
        }
        return new Users(Map.copyOf(hashes));
    }

    /** Null if there is no such user. */
    @Nullable PasswordHash hash(String user) {
        return hashes.get(user);
    }

    /** The hash of some user, for checks whose outcome is known, so that their duration does not tell who is a user; null if there are none. */
    @Nullable PasswordHash any() {
        return hashes.isEmpty() ? null : hashes.values().iterator().next();
    }

    @Override
    public String toString() {
        return hashes.size() + " users";
    }
}
