package dev.wsroute.proxy;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.server.ProxyServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The proxy server's sockets, as the newest configuration wants them. */
final class BoundListeners implements Listeners {

    private final ProxyServer server;
    private final String bindAddress;
    private final boolean hot;
    private volatile Map<Socket, Bound> bound = Map.of();

    /**
     * What makes a socket the same one when the document changes: not its name, except where the system chooses ports.
     *
     * @param name null unless the port is 0
     */
    private record Socket(String host, int port, @Nullable String name) {}

    private record Bound(String name, InetSocketAddress address) {}

    /**
     * @param hot whether later configurations open and close sockets too. A pod's do not: new ports come with new pods,
     *     and the old ones are still sent connections on the old ports meanwhile
     */
    BoundListeners(ProxyServer server, String bindAddress, boolean hot) {
        this.server = server;
        this.bindAddress = bindAddress;
        this.hot = hot;
    }

    @Override
    public void apply(List<ListenerConfig> wanted) throws IOException {
        Map<Socket, Bound> before = bound;
        if (!hot && !before.isEmpty()) {
            return;
        }
        Map<Socket, Bound> next = new LinkedHashMap<>();
        List<InetSocketAddress> opened = new ArrayList<>();
        try {
            for (ListenerConfig listener : wanted) {
                Socket socket = socket(listener);
                Bound open = before.get(socket);
                if (open == null && !next.containsKey(socket)) {
                    open = new Bound(listener.name(), server.bind(listener, bindAddress));
                    opened.add(open.address());
                }
                if (open == null || next.put(socket, new Bound(listener.name(), open.address())) != null) {
                    throw new IOException("Cannot listen on " + socket.host() + ":" + socket.port() + " for listener '"
                            + listener.name() + "': another listener has that address and port");
                }
            }
        } catch (IOException e) {
            opened.forEach(server::unbind);
            throw e;
        }
        bound = Collections.unmodifiableMap(next);
        before.forEach((socket, old) -> {
            if (!next.containsKey(socket)) {
                server.unbind(old.address());
            }
        });
    }

    private Socket socket(ListenerConfig listener) {
        String host = listener.address() == null ? bindAddress : listener.address();
        return new Socket(host, listener.port(), listener.port() == 0 ? listener.name() : null);
    }

    /** Where it listens, in the order of the document. */
    List<String> addresses() {
        return bound.values().stream()
                .map(open -> open.name() + " on " + open.address().getAddress().getHostAddress() + ":"
                        + open.address().getPort())
                .toList();
    }
}
