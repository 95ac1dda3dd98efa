package dev.wsroute.proxy.config;

import dev.wsroute.config.ListenerConfig;
import java.io.IOException;
import java.util.List;

/** The sockets that connections are accepted on. */
public interface Listeners {

    /**
     * Opens those that are not open yet, then closes those that are no longer wanted.
     *
     * @throws IOException with one sentence when one cannot be opened; nothing has changed then
     */
    void apply(List<ListenerConfig> wanted) throws IOException;
}
