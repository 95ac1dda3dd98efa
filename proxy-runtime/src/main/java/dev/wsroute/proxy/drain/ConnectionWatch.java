// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

/** Watches whether a connection may stay, as long as it is open. Used on the connection's event loop. */
public interface ConnectionWatch {

    /** The connection has been opened. Not called if opening fails. */
    void opened(LiveConnection connection);

    /** The connection has ended, whether or not it was opened. */
    void closed();

    /** Approximate heap usage in bytes. */
    int bytes();
}
