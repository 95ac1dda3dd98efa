// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfig;
import dev.wsroute.proxy.memory.ConnectionRoom;
import org.jspecify.annotations.Nullable;

/** How many connections of a document fit in memory. */
public final class ConnectionCapacity {

    private ConnectionCapacity() {}

    /** The number of connections that fit. Any of them may be one with TLS, if a listener or a backend has it. */
    static int of(ProxyConfig config, ConnectionRoom room) {
        return room.of(tlsSides(config));
    }

    /**
     * Checks that a document allows no more connections than fit.
     *
     * @return a sentence; null if they fit
     */
    public static @Nullable String fault(ProxyConfig config, ConnectionRoom room) {
        Integer wanted = config.limits().connectionsPerProxy();
        int fit = of(config, room);
        if (wanted == null || wanted <= fit) {
            return null;
        }
        String tls =
                switch (tlsSides(config)) {
                    case 0 -> "";
                    case 1 -> " with TLS";
                    default -> " with TLS on both sides";
                };
        return "limits.connectionsPerProxy is " + wanted + ", but only " + fit + " connections" + tls
                + " fit in the memory of this proxy: give it more memory, or lower the limit";
    }

    private static int tlsSides(ProxyConfig config) {
        boolean clients = config.listeners().stream().anyMatch(listener -> listener.tls() != null);
        boolean backends = config.routes().stream()
                .flatMap(route -> route.rules().stream())
                .flatMap(rule -> rule.backends().stream())
                .anyMatch(backend -> backend.tls() != null);
        return (clients ? 1 : 0) + (backends ? 1 : 0);
    }
}
