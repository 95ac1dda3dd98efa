// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.codec;

/** How strictly a peer must follow the grammar of RFC 9112. */
public enum Syntax {
    /** For clients: input that a lenient parser would repair may be a smuggling attempt. */
    STRICT,
    /**
     * For backends: a bare LF ends a line, several equal lengths count as one, and blanks are allowed before a colon
     * and around a chunk size (RFC 9112 §2.2, §5.1, §6.3). None of this is forwarded. docs/compatibility.md lists all
     * tolerances.
     */
    TOLERANT;

    /**
     * Whether a line ends at an index.
     *
     * @return length of the line end: 2 for CR LF, 1 for LF, 0 if the line does not end here
     */
    int lineEnd(byte[] bytes, int index) {
        if (index >= bytes.length) {
            return 0;
        }
        if (bytes[index] == Chars.LF) {
            return this == TOLERANT ? 1 : 0;
        }
        return bytes[index] == Chars.CR && index + 1 < bytes.length && bytes[index + 1] == Chars.LF ? 2 : 0;
    }
}
