// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.admin;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** State shared by all connections of a server. Used on its event loop only, except for {@link #drops()}. */
final class SharedState {

    private final Map<String, Resource> resources = new TreeMap<>();
    private final FairSlots<AdminExchange> connections;
    private final FairSlots<AdminExchange> pages;
    private final Drops drops = new Drops();
    private final EventLoop loop;

    SharedState(AdminLimits limits, EventLoop loop) {
        this.loop = loop;
        connections = new FairSlots<>(limits.connections());
        pages = new FairSlots<>(limits.pages());
    }

    /** Before the first connection is accepted. */
    void add(String path, Resource resource) {
        resources.put(path, resource);
    }

    @Nullable Resource resource(String path) {
        return resources.get(path);
    }

    Iterable<Resource> resources() {
        return resources.values();
    }

    String paths() {
        return String.join(", ", resources.keySet());
    }

    Drops drops() {
        return drops;
    }

    void opened(AdminExchange exchange) {
        assert loop.inEventLoop();
        evict(connections.acquire(exchange.client(), exchange));
    }

    void pageStarted(AdminExchange exchange) {
        assert loop.inEventLoop();
        evict(pages.acquire(exchange.client(), exchange));
    }

    void pageEnded(AdminExchange exchange) {
        assert loop.inEventLoop();
        pages.release(exchange.client(), exchange);
    }

    void closed(AdminExchange exchange) {
        assert loop.inEventLoop();
        pages.release(exchange.client(), exchange);
        connections.release(exchange.client(), exchange);
    }

    private static void evict(@Nullable AdminExchange oldest) {
        if (oldest != null) {
            oldest.evict();
        }
    }
}
