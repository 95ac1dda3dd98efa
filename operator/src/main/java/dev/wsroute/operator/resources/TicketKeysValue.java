// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.config.TicketKeysConfig;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a route's session tickets: the previous one, the one that proxies encrypt with, and the next one. A rotation moves
 * each by one place. {@link #toString} does not reveal them.
 *
 * @param keys in base64, the oldest first
 * @param rotated when they were last rotated, in whole seconds
 */
record TicketKeysValue(List<String> keys, Instant rotated) {

    /** Time between rotations. A ticket can be used for this long at least, and for twice as long at most. */
    static final Duration ROTATION = Duration.ofHours(12);

    /** Length of a key: that of the hash that proxies derive theirs with. */
    static final int BYTES = 32;

    /** The key of the time of the last rotation (RFC 3339) in the Secret's data. */
    static final String ROTATED_KEY = "rotated";

    private static final int KEYS = 3;

    /** By how much the clock of the operator before may have been ahead. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    TicketKeysValue {
        keys = List.copyOf(keys);
        rotated = rotated.truncatedTo(ChronoUnit.SECONDS);
    }

    static TicketKeysValue random(SecureRandom random, Instant now) {
        return new TicketKeysValue(List.of(newKey(random), newKey(random), newKey(random)), now);
    }

    /**
     * The keys in {@code secret}; empty if they are not three, or if proxies would refuse them.
     *
     * @param now counts as their last rotation if the Secret does not say
     */
    static Optional<TicketKeysValue> in(Secret secret, Instant now) {
        return text(secret, TicketKeysConfig.DATA_KEY)
                .map(text -> text.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList())
                .filter(keys -> keys.size() == KEYS
                        && new HashSet<>(keys).size() == KEYS
                        && keys.stream().allMatch(TicketKeysValue::isKey))
                .map(keys -> new TicketKeysValue(
                        keys,
                        text(secret, ROTATED_KEY)
                                .flatMap(TicketKeysValue::instant)
                                .orElse(now)));
    }

    /** Whether {@code secret} holds anything. */
    static boolean isFilled(Secret secret) {
        return secret.getData() != null && !secret.getData().isEmpty();
    }

    private static Optional<String> text(Secret secret, String key) {
        return Optional.ofNullable(secret.getData())
                .map(data -> data.get(key))
                .map(TicketKeysValue::decoded)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static boolean isKey(String line) {
        byte[] key = decoded(line);
        return key != null && key.length == BYTES;
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text.strip()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * The keys to use at {@code now}. However many rotations were missed, it is one step: proxies know the next key, and no other
     * one.
     */
    TicketKeysValue at(Instant now, SecureRandom random) {
        if (rotated.isAfter(now.plus(SKEW))) {
            // A clock was wrong. Waiting for that time to come might take years.
            return new TicketKeysValue(keys, now);
        }
        return now.isBefore(nextRotation())
                ? this
                : new TicketKeysValue(List.of(keys.get(1), keys.get(2), newKey(random)), now);
    }

    /** When the keys are due to be rotated. */
    Instant nextRotation() {
        return rotated.plus(ROTATION);
    }

    /** As in the Secret. */
    Map<String, String> data() {
        // Sorted, as the API server does: the same keys give the same text.
        return new TreeMap<>(Map.of(
                TicketKeysConfig.DATA_KEY,
                base64(String.join("\n", keys) + "\n"),
                ROTATED_KEY,
                base64(rotated.toString())));
    }

    private static String newKey(SecureRandom random) {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public String toString() {
        return "session ticket keys of " + rotated;
    }
}
