// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ListenerConfig;
import java.io.IOException;
import java.util.List;

/** The listening sockets of the proxy. */
public interface Listeners {

    /**
     * Binds the requested sockets that are not open yet. Clients can connect to them but are not accepted before {@link
     * ListenerChange#complete}. Open sockets are not affected.
     *
     * @throws IOException with a sentence if a socket cannot be bound; then nothing changes
     */
    ListenerChange prepare(List<ListenerConfig> wanted) throws IOException;

    /** Sockets that are bound but do not accept yet. Exactly one of the methods must be called. */
    interface ListenerChange {

        /** The configuration has taken effect: accepts on the new sockets and closes those no longer needed. */
        void complete();

        /** The configuration was abandoned: closes the new sockets. */
        void abandon();
    }
}
