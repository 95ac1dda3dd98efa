package dev.wsroute.proxy.accesslog;

import java.io.IOException;
import java.io.OutputStream;

/** How a line of the access log is spelled. Whatever peers send, an entry is one line, and no part of it reads as another. */
interface AccessLineFormat {

    /** Writes the entry and the line's end. */
    void write(AccessEntry entry, OutputStream out) throws IOException;
}
