package dev.wsroute.proxy.admin;

import dev.wsroute.proxy.drain.ConnectionRegistry;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What goes on in the data plane.
 *
 * @param waiting connections that wait for their turn to be asked to leave, by reason
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
