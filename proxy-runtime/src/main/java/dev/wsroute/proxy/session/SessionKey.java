package dev.wsroute.proxy.session;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The secret that makes session cookies. Proxies with the same one understand each other's. Never printed. */
public final class SessionKey {

    /** Bytes below which a key is refused: those of the hash that it is used with (RFC 2104 §3). */
    public static final int MIN_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] bytes;
    private final Mac initialised;

    private SessionKey(byte[] bytes) {
        this.bytes = bytes;
        try {
            initialised = Mac.getInstance(ALGORITHM);
            initialised.init(new SecretKeySpec(bytes, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** @throws IllegalArgumentException when there are fewer than {@value #MIN_BYTES} bytes */
    public static SessionKey of(byte[] bytes) {
        if (bytes.length < MIN_BYTES) {
            throw new IllegalArgumentException("it has " + bytes.length + " bytes, " + MIN_BYTES + " are needed");
        }
        return new SessionKey(bytes.clone());
    }

    /** A key that nobody else has. */
    public static SessionKey random() {
        byte[] bytes = new byte[MIN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new SessionKey(bytes);
    }

    /** A copy, for keeping. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** HMAC-SHA256 of a message. For any thread: an initialised Mac is only ever copied. */
    byte[] sign(byte[] message) {
        try {
            return ((Mac) initialised.clone()).doFinal(message);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's own " + ALGORITHM + " can be copied", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionKey key && Arrays.equals(bytes, key.bytes);
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
