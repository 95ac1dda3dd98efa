// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers verified tokens by their SHA-256, since a client that reconnects brings the same one. Bounded in entries and bytes; those
 * that were not used for the longest time are dropped first. All event loops share it: each part has a lock that is held for a look-up.
 */
final class VerifiedTokens {

    private static final int PARTS = 16;
    private static final int FIXED_BYTES = 200;

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(VerifiedTokens::sha256);

    private final int maxEntries;
    private final long maxBytes;
    private final List<Part> parts = new ArrayList<>();

    /**
     * A verified token.
     *
     * @param provider name of its provider
     * @param ring the keys that it was verified with
     */
    record Verified(Claims claims, String provider, KeyRing ring) {}

    /** @param maxBytes of heap, approximately */
    VerifiedTokens(int maxEntries, long maxBytes) {
        this.maxEntries = maxEntries / PARTS;
        this.maxBytes = maxBytes / PARTS;
        for (int i = 0; i < PARTS; i++) {
            parts.add(new Part());
        }
    }

    /**
     * What a token is remembered as.
     *
     * @param scope hash of what its verification depends on besides the keys
     */
    static ByteBuffer key(byte[] scope, String token) {
        MessageDigest digest = SHA_256.get();
        digest.update(scope);
        return ByteBuffer.wrap(digest.digest(token.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** A hash of a text. */
    static byte[] hash(String text) {
        return SHA_256.get().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Null if it is not remembered. */
    @Nullable Verified find(ByteBuffer key) {
        return part(key).find(key);
    }

    void put(ByteBuffer key, Verified token) {
        part(key).put(key, token);
    }

    void remove(ByteBuffer key) {
        part(key).remove(key);
    }

    private Part part(ByteBuffer key) {
        return parts.get(Byte.toUnsignedInt(key.get(0)) % PARTS);
    }

    /** Approximate heap usage in bytes. */
    long bytes() {
        return parts.stream().mapToLong(Part::bytes).sum();
    }

    int size() {
        return parts.stream().mapToInt(Part::size).sum();
    }

    private final class Part {

        private final Map<ByteBuffer, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
        private long bytes;

        private record Entry(Verified token, long bytes) {}

        synchronized @Nullable Verified find(ByteBuffer key) {
            Entry entry = entries.get(key);
            return entry == null ? null : entry.token();
        }

        synchronized void put(ByteBuffer key, Verified token) {
            remove(key);
            Entry entry = new Entry(token, FIXED_BYTES + token.claims().heapBytes());
            if (entry.bytes() > maxBytes) {
                // It would push out all others.
                return;
            }
            entries.put(key, entry);
            bytes += entry.bytes();
            while (!entries.isEmpty() && (entries.size() > maxEntries || bytes > maxBytes)) {
                remove(entries.keySet().iterator().next());
            }
        }

        synchronized void remove(ByteBuffer key) {
            Entry entry = entries.remove(key);
            if (entry != null) {
                bytes -= entry.bytes();
            }
        }

        synchronized long bytes() {
            return bytes;
        }

        synchronized int size() {
            return entries.size();
        }
    }
}
