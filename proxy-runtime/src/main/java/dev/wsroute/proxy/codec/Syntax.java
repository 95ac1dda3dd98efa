package dev.wsroute.proxy.codec;

/** How strictly a peer must follow the grammar of RFC 9112. */
public enum Syntax {
    /** For clients: input that a lenient parser would repair may be an attempt to be read in two ways. */
    STRICT,
    /**
     * For backends: LF alone ends a line, several equal lengths are one, and blanks may be before a colon and around a
     * chunk's size (RFC 9112 §2.2, §5.1, §6.3). None of it is passed on. docs/compatibility.md lists each tolerance.
     */
    TOLERANT;

    /**
     * Whether a line ends at an index.
     *
     * @return the length of the line end: 2, or 1 where it is LF alone; 0: the line goes on
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
