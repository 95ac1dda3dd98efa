package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfig;
import org.jspecify.annotations.Nullable;

/** Checks whether a document allows more connections than the process has memory for. */
public final class ConnectionRoom {

    private ConnectionRoom() {}

    /**
     * @param room how many connections fit into memory
     * @return one sentence; null: they fit
     */
    public static @Nullable String fault(ProxyConfig config, int room) {
        Integer wanted = config.limits().connectionsPerProxy();
        return wanted == null || wanted <= room
                ? null
                : "limits.connectionsPerProxy is " + wanted + ", but the heap of this proxy has room for " + room
                        + ": give it more memory, or set at most that many";
    }
}
