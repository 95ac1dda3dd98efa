package dev.wsroute.proxy;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.server.ProxyServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The proxy server's sockets, as the newest configuration wants them. */
final class BoundListeners implements Listeners {

    private final ProxyServer server;
    private final String bindAddress;
    private final boolean hot;
    private final Map<ListenerConfig, InetSocketAddress> bound = new LinkedHashMap<>();

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
        if (!hot && !bound.isEmpty()) {
            return;
        }
        List<ListenerConfig> opened = new ArrayList<>();
        try {
            for (ListenerConfig listener : wanted) {
                if (!bound.containsKey(listener)) {
                    bound.put(listener, server.bind(listener, bindAddress));
                    opened.add(listener);
                }
            }
        } catch (IOException e) {
            opened.forEach(this::close);
            throw e;
        }
        List.copyOf(bound.keySet()).stream()
                .filter(listener -> !wanted.contains(listener))
                .forEach(this::close);
    }

    private void close(ListenerConfig listener) {
        InetSocketAddress address = bound.remove(listener);
        if (address != null) {
            server.unbind(address);
        }
    }

    /** Where it listens, in the order of the document. */
    List<String> addresses() {
        return bound.entrySet().stream()
                .map(entry -> entry.getKey().name() + " on "
                        + entry.getValue().getAddress().getHostAddress() + ":"
                        + entry.getValue().getPort())
                .toList();
    }
}
