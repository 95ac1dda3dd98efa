package dev.wsroute.proxy.config;

import dev.wsroute.config.ListenerConfig;
import java.io.IOException;
import java.util.List;

/** The sockets that connections are accepted on. */
public interface Listeners {

    /**
     * Binds the wanted sockets that are not open yet. Clients may connect to them, but are not accepted before {@link
     * Change#complete}. Open sockets go on as before.
     *
     * @throws IOException with one sentence if a socket cannot be bound; then nothing has changed
     */
    Change prepare(List<ListenerConfig> wanted) throws IOException;

    /**
     * Sockets that are bound and wait for their configuration to take effect. Exactly one of the methods must be
     * called.
     */
    interface Change {

        /** The configuration is in force: accepts on the new sockets and closes the unwanted ones. */
        void complete();

        /** The configuration was given up: closes the new sockets. */
        void abandon();
    }
}
