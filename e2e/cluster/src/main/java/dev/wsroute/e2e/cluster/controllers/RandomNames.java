// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import java.util.concurrent.ThreadLocalRandom;

/** Name suffixes as Kubernetes generates them: without vowels, which would form words, and without similar characters. */
final class RandomNames {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LENGTH = 5;

    private RandomNames() {}

    static String withPrefix(String prefix) {
        StringBuilder name = new StringBuilder(prefix);
        for (int i = 0; i < LENGTH; i++) {
            name.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    /** Writes a number in the same alphabet. */
    static String encode(long number) {
        StringBuilder text = new StringBuilder();
        for (char digit : Long.toString(number).toCharArray()) {
            text.append(ALPHABET.charAt((digit - '0') * 2));
        }
        return text.toString();
    }
}
