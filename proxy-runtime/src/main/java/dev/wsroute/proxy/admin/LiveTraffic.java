// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.admin;

import dev.wsroute.proxy.drain.ConnectionRegistry;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Current numbers of connections in the data plane.
 *
 * @param waiting numbers of connections waiting to be closed, by reason
 */
public record LiveTraffic(ConnectionRegistry registry, Supplier<Map<String, Long>> waiting) implements Traffic {

    @Override
    public int connections() {
        return registry.size();
    }

    @Override
    public Map<String, Long> shedding() {
        return waiting.get();
    }
}
