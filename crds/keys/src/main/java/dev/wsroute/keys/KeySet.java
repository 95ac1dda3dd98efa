// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.keys;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of an issuer of tokens: a JWK Set (RFC 7517 §5), or public keys and certificates in PEM (RFC 7468). Keys
 * that verify no token are left out: of another kind, for another use, too weak, or malformed, as RFC 7517 §5 says. There is
 * at least one, or the set is {@link #WITHDRAWN}.
 */
public final class KeySet {

    /** Bytes of a set. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Keys of a set, with those that are left out. */
    public static final int MAX_KEYS = 100;

    /**
     * Stands for keys that no longer count, and says so: an empty set by itself may be an accident, and never replaces a good one. It
     * has no keys.
     */
    public static final String WITHDRAWN = "{\"keys\":[],\"withdrawn\":true}";

    private static final String PEM = "-----BEGIN ";

    private final List<VerificationKey> keys;

    private KeySet(List<VerificationKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads a set.
     *
     * @throws KeySetException if it is neither a JWK Set nor PEM, is too large, holds a private or secret key, or no usable
     *     one
     */
    public static KeySet parse(byte[] data) throws KeySetException {
        if (data.length > MAX_BYTES) {
            throw new KeySetException("The key set is larger than " + MAX_BYTES + " bytes");
        }
        if (Arrays.equals(data, WITHDRAWN.getBytes(StandardCharsets.UTF_8))) {
            return new KeySet(List.of());
        }
        List<VerificationKey> keys = keys(data);
        if (keys.isEmpty()) {
            throw new KeySetException("The key set holds no key that verifies tokens: RSA of 2048 to 8192 bits, EC on "
                    + "P-256, P-384 or P-521, or Ed25519");
        }
        return new KeySet(keys);
    }

    private static List<VerificationKey> keys(byte[] data) throws KeySetException {
        String text = text(data);
        if (text.stripLeading().startsWith("{")) {
            return JwkSetReader.read(text);
        }
        if (text.contains(PEM)) {
            return PemKeyReader.read(data);
        }
        throw new KeySetException(
                text.isBlank() ? "The key set is empty" : "The key set is neither a JWK Set (JSON) nor PEM");
    }

    private static String text(byte[] data) throws KeySetException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new KeySetException("The key set is not UTF-8", e);
        }
    }

    /** @throws KeySetException if there are too many, of whatever kind */
    static void checkNumber(int keys) throws KeySetException {
        if (keys > MAX_KEYS) {
            throw new KeySetException("The key set holds more than " + MAX_KEYS + " keys");
        }
    }

    static KeySetException privateKey() {
        return new KeySetException(
                "The key set holds a private or secret key: replace that key, and name public keys only");
    }

    /** In the order of the set. */
    public List<VerificationKey> keys() {
        return keys;
    }

    /** The {@code kid} of those that have one, sorted. */
    public Set<String> keyIds() {
        Set<String> ids = new TreeSet<>();
        for (VerificationKey key : keys) {
            String id = key.id();
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeySet that && keys.equals(that.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return keys.size() + " public key(s)";
    }
}
