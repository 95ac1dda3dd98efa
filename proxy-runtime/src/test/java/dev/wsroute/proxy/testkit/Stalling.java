// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Clients and a backend: one end sends, and the other reads nothing. */
public interface Stalling extends AutoCloseable {

    /** The backend's address. */
    InetSocketAddress address() throws IOException;

    /** Adds a client. */
    void connect(InetSocketAddress proxy, String host) throws IOException;

    @Override
    void close() throws IOException;
}
