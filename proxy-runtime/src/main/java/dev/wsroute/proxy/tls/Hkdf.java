// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869). */
final class Hkdf {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 32;
    private static final int MAX_BLOCKS = 255;

    private Hkdf() {}

    /**
     * Extracts and expands.
     *
     * @param salt at least one byte
     * @param length of the result in bytes, at most 255 times 32
     */
    static byte[] derive(byte[] salt, byte[] key, byte[] info, int length) {
        if (length > MAX_BLOCKS * HASH_BYTES) {
            throw new IllegalArgumentException("HKDF yields at most 255 blocks");
        }
        byte[] pseudorandom = mac(salt).doFinal(key);
        Mac mac = mac(pseudorandom);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        byte[] block = {};
        for (int i = 1; output.size() < length; i++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) i);
            block = mac.doFinal();
            output.writeBytes(block);
        }
        return Arrays.copyOf(output.toByteArray(), length);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
