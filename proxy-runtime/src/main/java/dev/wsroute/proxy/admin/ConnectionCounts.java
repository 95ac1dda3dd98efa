// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import dev.wsroute.proxy.drain.ConnectionRegistry;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Current numbers of connections. Thread-safe.
 *
 * @param registry of the live WebSockets
 * @param waiting numbers of connections waiting to be closed, by reason, without zeros
 */
public record ConnectionCounts(ConnectionRegistry registry, Supplier<Map<String, Long>> waiting) {

    /** Number of live WebSockets. */
    int connections() {
        return registry.size();
    }

    /** Numbers of connections waiting to be closed, by reason, without zeros. */
    Map<String, Long> shedding() {
        return waiting.get();
    }
}
