package dev.wsroute.proxy.config;

import dev.wsroute.config.ListenerConfig;
import java.io.IOException;
import java.util.List;

/** The sockets that connections are accepted on. */
public interface Listeners {

    /**
     * Binds the sockets that are wanted and not open yet. Clients may connect to them, but none is accepted before
     * {@link Change#complete}. Open sockets go on as before.
     *
     * @throws IOException with one sentence when one cannot be bound; nothing has changed then
     */
    Change prepare(List<ListenerConfig> wanted) throws IOException;

    /** Sockets that are bound and wait for the configuration that wants them. Exactly one of its methods is to be called. */
    interface Change {

        /** The configuration is in force: accepts on the new sockets, closes those that it does not want. */
        void complete();

        /** The configuration is not to be: closes the new sockets. */
        void abandon();
    }
}
