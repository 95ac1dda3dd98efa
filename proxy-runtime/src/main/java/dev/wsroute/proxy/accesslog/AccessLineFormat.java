// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.accesslog;

import java.io.IOException;
import java.io.OutputStream;

/** A format of the access log. Whatever peers send, an entry is exactly one line and cannot forge another field. */
interface AccessLineFormat {

    /** Writes the entry and a line feed. */
    void write(AccessEntry entry, OutputStream out) throws IOException;
}
