// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import dev.wsroute.config.ProxyConfig;
import org.jspecify.annotations.Nullable;

/** Checks that a document allows no more connections than fit in memory. */
public final class ConnectionCapacity {

    private ConnectionCapacity() {}

    /**
     * @param room number of connections that fit in memory
     * @return a sentence; null if they fit
     */
    public static @Nullable String fault(ProxyConfig config, int room) {
        Integer wanted = config.limits().connectionsPerProxy();
        return wanted == null || wanted <= room
                ? null
                : "limits.connectionsPerProxy is " + wanted + ", but only " + room + " connections fit in the heap"
                        + " of this proxy: give it more memory, or lower the limit";
    }
}
