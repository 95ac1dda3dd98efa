// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.limits;

import java.util.List;

/**
 * The values of one setting: words, each of which stands for itself or, with {@code *} at its end, for everything that begins
 * with it.
 */
record Patterns(List<String> words) {

    Patterns {
        words = List.copyOf(words);
    }

    static Patterns of(String text) {
        return new Patterns(List.of(text.strip().split("[ \t\r\n]+")).stream()
                .filter(word -> !word.isEmpty())
                .toList());
    }

    boolean allow(String text) {
        return words.stream().anyMatch(word -> matches(word, text));
    }

    /** By the key alone, or by {@code key=value}. */
    boolean allow(String key, String value) {
        return allow(key) || allow(key + "=" + value);
    }

    private static boolean matches(String word, String text) {
        return word.equals(text) || (word.endsWith("*") && text.startsWith(word.substring(0, word.length() - 1)));
    }

    /** The words for a sentence. */
    @Override
    public String toString() {
        return words.isEmpty() ? "none" : String.join(", ", words);
    }
}
