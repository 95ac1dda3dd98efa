// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes and verifies the values of session cookies: token of the endpoint, time of issue, and a signature of both, 40
 * bytes in base64url. They reveal nothing without the key. Thread-safe.
 */
public final class PinSigner {

    private static final byte TOKEN = 'e';
    private static final byte VALUE = 'v';
    private static final int HALF = 16;
    private static final int SIGNED = HALF + Long.BYTES;
    private static final int BYTES = SIGNED + HALF;
    /** Length of an unpadded base64 value. */
    private static final int CHARACTERS = (BYTES * 8 + 5) / 6;

    private final SessionCookieKey key;

    public PinSigner(SessionCookieKey key) {
        this.key = key;
    }

    /** The token of an endpoint. The same on every proxy with this key. */
    public Pin.EndpointToken token(String endpoint) {
        byte[] name = endpoint.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(1 + name.length).put(TOKEN).put(name);
        ByteBuffer mac = ByteBuffer.wrap(key.sign(message.array()));
        return new Pin.EndpointToken(mac.getLong(), mac.getLong());
    }

    /** The cookie value for a pin. */
    public String write(Pin pin) {
        ByteBuffer value = ByteBuffer.allocate(BYTES)
                .putLong(pin.token().high())
                .putLong(pin.token().low())
                .putLong(pin.issued());
        value.put(signature(value.array()), 0, HALF);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.array());
    }

    /** Verifies a cookie value; null if it was not written with this key. Compares in constant time. */
    public @Nullable Pin read(String value) {
        if (value.length() != CHARACTERS) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(value);
        } catch (IllegalArgumentException notOurs) {
            return null;
        }
        byte[] expected = Arrays.copyOf(signature(bytes), HALF);
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(bytes, SIGNED, BYTES))) {
            return null;
        }
        ByteBuffer read = ByteBuffer.wrap(bytes);
        return new Pin(new Pin.EndpointToken(read.getLong(), read.getLong()), read.getLong());
    }

    private byte[] signature(byte[] value) {
        byte[] message = new byte[1 + SIGNED];
        message[0] = VALUE;
        System.arraycopy(value, 0, message, 1, SIGNED);
        return key.sign(message);
    }
}
