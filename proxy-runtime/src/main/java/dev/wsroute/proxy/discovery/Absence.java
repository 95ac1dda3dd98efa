package dev.wsroute.proxy.discovery;

/** What it means that an endpoint, known so far, is not among those published now. */
public enum Absence {
    /** It was taken out on purpose, by an edit of the document: it leaves. */
    FINAL,
    /** A watch said so: it leaves when it is still missing after a short while, and not all the others are too. */
    TO_CONFIRM,
    /** The news had been interrupted (a re-list), or never names the reason (DNS): its own sockets tell. */
    UNKNOWN
}
