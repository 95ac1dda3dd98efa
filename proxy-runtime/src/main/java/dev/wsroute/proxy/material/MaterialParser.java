// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the data of a source into a value of type {@code T}. */
public interface MaterialParser<T> {

    /** What the value is used for. Data of one object is kept apart for each use, since each accepts it on its own. */
    String use();

    /** What it reads of the data. A Secret may hold more, such as the private key of a CA. */
    Set<String> keys();

    /** @throws MaterialException if the data cannot be used */
    T parse(Map<String, byte[]> data) throws MaterialException;

    /** Why {@code next} must not replace {@code current} now; null if it may. Time may change the answer. */
    default @Nullable Refusal refusal(T next, @Nullable T current) {
        return null;
    }

    /**
     * Why a value is not used for now.
     *
     * @param reason one sentence without a full stop
     * @param brief whether it will be used within moments, so that nobody need be told
     */
    record Refusal(String reason, boolean brief) {}

    /** @throws MaterialException if the data has no such key */
    static byte[] value(Map<String, byte[]> data, String key) throws MaterialException {
        byte[] value = data.get(key);
        if (value == null) {
            throw new MaterialException("It has no data under " + key);
        }
        return value;
    }

    /** A parser of what is under one key. A newer value always replaces the current one. */
    static <T> MaterialParser<T> of(String use, String key, ValueParser<T> parser) {
        return new MaterialParser<>() {
            @Override
            public String use() {
                return use;
            }

            @Override
            public Set<String> keys() {
                return Set.of(key);
            }

            @Override
            public T parse(Map<String, byte[]> data) throws MaterialException {
                return parser.parse(key, value(data, key));
            }
        };
    }

    /** Parses the value under a key. */
    @FunctionalInterface
    interface ValueParser<T> {

        /**
         * @param key for sentences
         * @throws MaterialException if the value cannot be used
         */
        T parse(String key, byte[] value) throws MaterialException;
    }
}
