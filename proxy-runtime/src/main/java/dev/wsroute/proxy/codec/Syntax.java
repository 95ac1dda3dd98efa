package dev.wsroute.proxy.codec;

/** How strictly a peer must follow the grammar of RFC 9112. */
public enum Syntax {
    /** For clients: input that a lenient parser would repair may be an attempt to be read in two ways. */
    STRICT,
    /**
     * For backends: folded lines, spaces before a colon and spaces around a chunk size are accepted, as RFC 9112 §5.1
     * and §5.2 require of proxies. None of them is passed on.
     */
    TOLERANT
}
