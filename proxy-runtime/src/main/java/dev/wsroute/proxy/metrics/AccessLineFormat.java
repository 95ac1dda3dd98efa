package dev.wsroute.proxy.metrics;

import java.io.IOException;
import java.io.OutputStream;

/** How a line of the access log is spelled. Whatever peers send, an entry is one line, and no part of it reads as another. */
interface AccessLineFormat {

    /** What is longer is cut: peers choose how long it is. In characters. */
    int MAX_TEXT = 2048;

    /** Writes the entry and the line's end. */
    void write(AccessEntry entry, OutputStream out) throws IOException;

    /** What may be shown of what a peer sent. */
    static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }
}
