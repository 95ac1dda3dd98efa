// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The secret key that signs session cookies. Proxies that share it accept each other's cookies. Never printed. */
public final class SessionCookieKey {

    /** Minimum length: that of the hash (RFC 2104 §3). */
    public static final int MIN_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] bytes;
    private final Mac initialised;

    private SessionCookieKey(byte[] bytes) {
        this.bytes = bytes;
        try {
            initialised = Mac.getInstance(ALGORITHM);
            initialised.init(new SecretKeySpec(bytes, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** @throws IllegalArgumentException if shorter than {@value #MIN_BYTES} bytes */
    public static SessionCookieKey of(byte[] bytes) {
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException("it has " + bytes.length + " bytes, but needs at least " + MIN_BYTES);
        }
        return new SessionCookieKey(bytes.clone());
    }

    /** A new random key. */
    public static SessionCookieKey random() {
        byte[] bytes = new byte[MIN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new SessionCookieKey(bytes);
    }

    /** A copy of the key. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** HMAC-SHA256 of a message. Thread-safe, since the initialised Mac is only cloned. */
    byte[] sign(byte[] message) {
        try {
            return ((Mac) initialised.clone()).doFinal(message);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's own " + ALGORITHM + " can be copied", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionCookieKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "a key of " + bytes.length + " bytes";
    }
}
