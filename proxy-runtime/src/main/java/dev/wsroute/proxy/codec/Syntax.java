package dev.wsroute.proxy.codec;

/** How closely a peer has to keep to the grammar of RFC 9112. */
public enum Syntax {
    /** For clients: what a lenient reader would mend may be an attempt to be read in two ways. */
    STRICT,
    /**
     * For backends: folded lines, blanks before a colon, and blanks around the size of a chunk are understood, as RFC 9112
     * §5.1 and §5.2 ask of proxies. None of them is passed on.
     */
    TOLERANT
}
