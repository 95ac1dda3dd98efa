// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.material.MaterialException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * API keys and whose they are. Only digests are kept: a look-up by the digest of what a client sent takes a time that says nothing
 * about the keys. Equal if they have the same keys. Immutable.
 *
 * @param owners by the SHA-256 of the key; empty if the last key was removed
 */
record ApiKeys(Map<ByteBuffer, String> owners) {

    private static final int MAX_KEYS = 10_000;
    private static final int MIN_LENGTH = 16;
    private static final int MAX_LENGTH = 1024;
    private static final int MAX_NAME = 255;
    private static final String DIGEST = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    /**
     * Reads lines {@code NAME:KEY} or {@code NAME:sha256:HEX}.
     *
     * @throws MaterialException with the number of the line that is wrong, and never its text
     */
    static ApiKeys parse(String name, byte[] data) throws MaterialException {
        Map<ByteBuffer, String> owners = new HashMap<>();
        CredentialLines lines = CredentialLines.of(name, data);
        while (lines.next()) {
            String line = lines.current();
            int colon = line.indexOf(':');
            if (colon < 1 || colon > MAX_NAME) {
                throw lines.fault("must have the form NAME:KEY with a name of 1 to " + MAX_NAME + " characters");
            }
            if (owners.put(digest(line.substring(colon + 1), lines), line.substring(0, colon)) != null) {
                throw lines.fault("repeats an earlier key");
            }
            if (owners.size() > MAX_KEYS) {
                throw new MaterialException(name + " has more than " + MAX_KEYS + " keys");
            }
        }
        return new ApiKeys(Map.copyOf(owners));
    }

    private static ByteBuffer digest(String key, CredentialLines lines) throws MaterialException {
        if (key.startsWith(DIGEST)) {
            String hex = key.substring(DIGEST.length());
            if (!HEX.matcher(hex).matches()) {
                throw lines.fault("must have 64 hexadecimal digits after sha256:");
            }
            return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        }
        if (key.length() < MIN_LENGTH || key.length() > MAX_LENGTH) {
            throw lines.fault("must have a key of " + MIN_LENGTH + " to " + MAX_LENGTH + " characters");
        }
        return ByteBuffer.wrap(sha256(key));
    }

    /** Whose key it is; null if nobody's. */
    @Nullable String owner(String key) {
        return key.length() > MAX_LENGTH ? null : owners.get(ByteBuffer.wrap(sha256(key)));
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return owners.size() + " keys";
    }
}
