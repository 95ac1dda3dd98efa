// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.credentials;

import dev.wsroute.proxy.material.MaterialException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The lines of a file with credentials, without comments and empty lines. */
final class CredentialLines {

    private final String name;
    private final String[] lines;
    private int at = -1;

    private CredentialLines(String name, String[] lines) {
        this.name = name;
        this.lines = lines;
    }

    /**
     * @param name of the file, for sentences
     * @throws MaterialException if it is not UTF-8: a name or key with other characters would never match
     */
    static CredentialLines of(String name, byte[] data) throws MaterialException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            return new CredentialLines(name, text.split("\\R", -1));
        } catch (CharacterCodingException e) {
            throw new MaterialException(name + " is not text in UTF-8");
        }
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
}
