package dev.wsroute.proxy.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the values of session cookies: a token for the endpoint, when it was issued, and a signature of both,
 * 40 bytes in base64url. They tell nothing to who has not the key. For any thread.
 */
public final class PinSigner {

    private static final byte TOKEN = 'e';
    private static final byte VALUE = 'v';
    private static final int HALF = 16;
    private static final int SIGNED = HALF + Long.BYTES;
    private static final int BYTES = SIGNED + HALF;
    /** Of the value, which is no multiple of three bytes and has no padding. */
    private static final int CHARACTERS = (BYTES * 8 + 5) / 6;

    private final SessionKey key;

    public PinSigner(SessionKey key) {
        this.key = key;
    }

    /** The token of an endpoint; the same on every proxy with this key. */
    public Pin.Token token(String endpoint) {
        byte[] name = endpoint.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(1 + name.length).put(TOKEN).put(name);
        ByteBuffer mac = ByteBuffer.wrap(key.sign(message.array()));
        return new Pin.Token(mac.getLong(), mac.getLong());
    }

    /** The value of a cookie that pins to the endpoint of that token. */
    public String write(Pin pin) {
        ByteBuffer value = ByteBuffer.allocate(BYTES)
                .putLong(pin.token().high())
                .putLong(pin.token().low())
                .putLong(pin.issued());
        value.put(signature(value.array()), 0, HALF);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value.array());
    }

    /** What a value says; null when it was not written with this key. Takes the same time wherever a forgery differs. */
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
        return new Pin(new Pin.Token(read.getLong(), read.getLong()), read.getLong());
    }

    private byte[] signature(byte[] value) {
        byte[] message = new byte[1 + SIGNED];
        message[0] = VALUE;
        System.arraycopy(value, 0, message, 1, SIGNED);
        return key.sign(message);
    }
}
