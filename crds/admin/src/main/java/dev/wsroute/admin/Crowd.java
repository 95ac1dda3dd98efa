package dev.wsroute.admin;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all connections of a server share. Used on its event loop, but for {@link #drops()}. */
final class Crowd {

    private final Map<String, Resource> resources = new TreeMap<>();
    private final Places<Exchange> connections;
    private final Places<Exchange> pages;
    private final Drops drops = new Drops();

    Crowd(AdminLimits limits) {
        connections = new Places<>(limits.connections());
        pages = new Places<>(limits.pages());
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

    void enter(Exchange exchange) {
        giveWay(connections.enter(exchange.client(), exchange));
    }

    void enterPages(Exchange exchange) {
        giveWay(pages.enter(exchange.client(), exchange));
    }

    void leavePages(Exchange exchange) {
        pages.leave(exchange.client(), exchange);
    }

    void leave(Exchange exchange) {
        pages.leave(exchange.client(), exchange);
        connections.leave(exchange.client(), exchange);
    }

    private static void giveWay(@Nullable Exchange oldest) {
        if (oldest != null) {
            oldest.giveWay();
        }
    }
}
