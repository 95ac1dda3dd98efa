// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import org.jspecify.annotations.Nullable;

/**
 * One problem of a document.
 *
 * @param path of the field, such as {@code routes[0].rules[1].name}; empty for the whole document
 * @param fault the rest of a sentence that starts with the path, at most 500 characters
 * @param other path of another field, which ends the sentence; null if there is none
 */
public record Problem(String path, String fault, @Nullable String other) {

    /** Maximum length of a sentence in characters; it may quote the document. */
    private static final int LONGEST = 500;

    public Problem {
        fault = shortened(fault, LONGEST);
    }

    Problem(String path, String fault) {
        this(path, fault, null);
    }

    /** A problem of the whole document. */
    static Problem ofDocument(String sentence) {
        return new Problem("", sentence);
    }

    /** The problem in one sentence without a full stop, at most 500 characters. */
    public String sentence() {
        String sentence = path.isEmpty() ? fault : path + " " + fault;
        return shortened(other == null ? sentence : sentence + " " + other, LONGEST);
    }

    static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
    }
}
