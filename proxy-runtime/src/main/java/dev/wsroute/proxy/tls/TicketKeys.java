// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.proxy.material.MaterialException;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys of session tickets, the oldest first. The last but one encrypts new tickets, all decrypt: every proxy knows the last one
 * before any proxy encrypts with it. A single key does both. Never printed.
 */
final class TicketKeys {

    /** Length of a key. */
    static final int BYTES = 32;

    /** Each of them costs a comparison per ticket. */
    static final int MAX_KEYS = 16;

    /** Of those that a process generates: the previous one, the one in use, and the next one. */
    private static final int GENERATED = 3;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] SALT = "wsroute TLS session tickets".getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> keys;

    private TicketKeys(List<byte[]> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads one key a line, in base64. Empty lines are ignored.
     *
     * @param what what holds them, for sentences
     * @throws MaterialException if a line is not a key, or there is none; never with a part of it
     */
    static TicketKeys parse(String what, byte[] text) throws MaterialException {
        List<byte[]> keys = new ArrayList<>();
        String[] lines = new String(text, StandardCharsets.ISO_8859_1).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty()) {
                byte[] key = decoded(what + " line " + (i + 1), line);
                if (keys.stream().anyMatch(earlier -> Arrays.equals(earlier, key))) {
                    throw new MaterialException(what + " line " + (i + 1) + " repeats an earlier key");
                }
                keys.add(key);
            }
            if (keys.size() > MAX_KEYS) {
                throw new MaterialException(what + " holds more than " + MAX_KEYS + " session ticket keys");
            }
        }
        if (keys.isEmpty()) {
            throw new MaterialException(what + " holds no session ticket key");
        }
        return new TicketKeys(keys);
    }

    private static byte[] decoded(String where, String line) throws MaterialException {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            throw new MaterialException(where + " is not base64");
        }
        if (key.length != BYTES) {
            throw new MaterialException(where + " has " + key.length + " bytes; a session ticket key has " + BYTES
                    + " (openssl rand -base64 " + BYTES + ")");
        }
        return key;
    }

    /** New random keys. */
    static TicketKeys random() {
        return new TicketKeys(List.of(newKey(), newKey()));
    }

    /** The same with another random key; the oldest is dropped. */
    TicketKeys rotated() {
        List<byte[]> next = new ArrayList<>(keys);
        next.add(newKey());
        return new TicketKeys(next.subList(Math.max(0, next.size() - GENERATED), next.size()));
    }

    private static byte[] newKey() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return key;
    }

    /**
     * Keys that BoringSSL uses for one scope; those of another scope do not open its tickets.
     *
     * @param scope hash of what a session depends on
     * @return the one that encrypts first
     */
    OpenSslSessionTicketKey[] derive(byte[] scope) {
        int encrypting = Math.max(0, keys.size() - 2);
        List<OpenSslSessionTicketKey> derived = new ArrayList<>();
        derived.add(derive(keys.get(encrypting), scope));
        for (int i = keys.size() - 1; i >= 0; i--) {
            if (i != encrypting) {
                derived.add(derive(keys.get(i), scope));
            }
        }
        return derived.toArray(OpenSslSessionTicketKey[]::new);
    }

    private static OpenSslSessionTicketKey derive(byte[] key, byte[] scope) {
        byte[] all = Hkdf.derive(SALT, key, scope, OpenSslSessionTicketKey.TICKET_KEY_SIZE);
        int hmac = OpenSslSessionTicketKey.NAME_SIZE;
        int aes = hmac + OpenSslSessionTicketKey.HMAC_KEY_SIZE;
        return new OpenSslSessionTicketKey(
                Arrays.copyOf(all, hmac), Arrays.copyOfRange(all, hmac, aes), Arrays.copyOfRange(all, aes, all.length));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TicketKeys that
                && Arrays.deepEquals(keys.toArray(byte[][]::new), that.keys.toArray(byte[][]::new));
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(keys.toArray(byte[][]::new));
    }

    @Override
    public String toString() {
        return keys.size() + " session ticket key(s)";
    }
}
