// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.material.MaterialException;

/** The lines of a file with credentials, without comments and empty lines. */
final class CredentialLines {

    private final String name;
    private final String[] lines;
    private int at = -1;

    /** @param name of the file, for sentences */
    CredentialLines(String name, String text) {
        this.name = name;
        this.lines = text.split("\\R", -1);
    }

    /** Goes to the next line; false at the end. */
    boolean next() {
        do {
            at++;
        } while (at < lines.length && (current().isEmpty() || current().startsWith("#")));
        return at < lines.length;
    }

    /** The line without white space at its ends. */
    String current() {
        return lines[at].strip();
    }

    /**
     * What is wrong with the current line. The sentence does not quote it.
     *
     * @param clause completes a sentence
     */
    MaterialException fault(String clause) {
        return new MaterialException("line " + (at + 1) + " of " + name + " " + clause);
    }

    /** The same, if {@code cause} is not about a line yet. */
    MaterialException fault(MaterialException cause) {
        return cause.sentence().startsWith("line ") ? cause : fault(cause.sentence());
    }
}
