package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.proxy.config.Listeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxy server's sockets, as the newest configuration wants them. A listener that changes its address and keeps its
 * port loses no client of an address that it served before and still serves: of two sockets on one port the kernel
 * gives a connection to the one with the more specific address, so a wildcard socket and the socket of one address may
 * be open at the same time.
 */
public final class BoundListeners implements Listeners {

    /** How long a replaced socket stays open, so that half-done TCP handshakes complete. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ProxyServer server;
    private final String bindAddress;
    private final boolean hot;
    /** By listener, in the order of the document. */
    private volatile Map<String, ListeningSocket> named = Map.of();

    private volatile Map<Place, ListeningSocket> open = Map.of();
    /** Wildcard sockets that close once their half-done handshakes have completed. */
    private final Map<Place, ListeningSocket> retiring = new HashMap<>();

    /**
     * What makes a socket the same one when the document changes: not its name, except where the system chooses ports.
     *
     * @param address the wildcard of IPv4 for that of IPv6 too, since a socket of either takes both
     * @param name null unless the port is 0
     */
    private record Place(
            InetAddress address, int port, @Nullable String name) {

        boolean covers(InetAddress local) {
            return address.isAnyLocalAddress() || address.equals(local);
        }

        boolean overlaps(Place other) {
            return port != 0
                    && port == other.port
                    && !equals(other)
                    && (address.isAnyLocalAddress() || other.address.isAnyLocalAddress());
        }
    }

    /**
     * @param hot whether later configurations open and close sockets too. A pod's do not: new ports come with new pods,
     *     and the old ones are still sent connections on the old ports meanwhile
     */
    public BoundListeners(ProxyServer server, String bindAddress, boolean hot) {
        this.server = server;
        this.bindAddress = bindAddress;
        this.hot = hot;
    }

    @Override
    public Change prepare(List<ListenerConfig> wanted) throws IOException {
        retiring.values().removeIf(socket -> !socket.isOpen());
        Takeover takeover = new Takeover();
        if (hot || open.isEmpty()) {
            try {
                for (ListenerConfig listener : wanted) {
                    takeover.add(listener);
                }
            } catch (IOException e) {
                takeover.abandon();
                throw e;
            }
        } else {
            takeover.keep();
        }
        return takeover;
    }

    /**
     * A socket of one address beside the wildcard's on the same port. The kernel prefers it, so it goes on serving its
     * address on behalf of the wildcard: closing it would lose connections that arrive at that moment.
     */
    private static boolean isPartOf(Place place, Set<Place> places) {
        return !place.address().isAnyLocalAddress() && places.stream().anyMatch(place::overlaps);
    }

    /**
     * Retires a wildcard socket of which one address remains: half-done handshakes complete, connections to other
     * addresses are reset.
     */
    private void retire(Place place, ListeningSocket socket) {
        retiring.put(place, socket);
        socket.retire(
                LINGER,
                address -> open.keySet().stream()
                        .anyMatch(other -> other.port() == place.port() && other.covers(address)));
    }

    private Place place(ListenerConfig listener) throws IOException {
        String host = listener.address() == null ? bindAddress : listener.address();
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        if (address == null) {
            throw new IOException("Cannot listen on " + host + ":" + listener.port() + " for listener '"
                    + listener.name() + "': there is no such address");
        }
        if (address.isAnyLocalAddress()) {
            address = new InetSocketAddress(0).getAddress();
        }
        return new Place(address, listener.port(), listener.port() == 0 ? listener.name() : null);
    }

    /** Where it listens, in the order of the document. */
    public List<String> addresses() {
        return named.entrySet().stream()
                .map(entry -> {
                    InetSocketAddress address = entry.getValue().address();
                    return entry.getKey() + " on " + address.getAddress().getHostAddress() + ":" + address.getPort();
                })
                .toList();
    }

    /** The change from the sockets of one configuration to those of the next. */
    private final class Takeover implements Change {

        private final Map<Place, ListeningSocket> next = new LinkedHashMap<>();
        private final Map<String, ListeningSocket> names = new LinkedHashMap<>();
        private final Map<Place, ListeningSocket> opened = new LinkedHashMap<>();
        private final Map<Place, ListeningSocket> recalled = new HashMap<>();

        void keep() {
            next.putAll(open);
            names.putAll(named);
        }

        void add(ListenerConfig listener) throws IOException {
            Place place = place(listener);
            for (Place earlier : next.keySet()) {
                if (earlier.equals(place) || earlier.overlaps(place)) {
                    throw new IOException("Cannot listen on " + place.address().getHostAddress() + ":" + place.port()
                            + " for listener '" + listener.name() + "': another listener has that address and port");
                }
            }
            ListeningSocket socket = open.get(place);
            if (socket == null) {
                socket = recall(place);
            }
            if (socket == null) {
                socket = bind(listener, place);
            }
            next.put(place, socket);
            names.put(listener.name(), socket);
        }

        private @Nullable ListeningSocket recall(Place place) {
            ListeningSocket socket = retiring.get(place);
            if (socket == null || !socket.cancelRetirement()) {
                return null;
            }
            retiring.remove(place);
            recalled.put(place, socket);
            return socket;
        }

        private ListeningSocket bind(ListenerConfig listener, Place place) throws IOException {
            List<ListeningSocket> overlapping = Stream.of(open, retiring, recalled)
                    .flatMap(sockets -> sockets.entrySet().stream())
                    .filter(entry -> entry.getKey().overlaps(place))
                    .map(Map.Entry::getValue)
                    .toList();
            overlapping.forEach(socket -> socket.share(true));
            try {
                ListeningSocket socket = server.bind(listener, bindAddress, !overlapping.isEmpty());
                opened.put(place, socket);
                if (!overlapping.isEmpty()) {
                    socket.share(false);
                }
                return socket;
            } finally {
                overlapping.forEach(socket -> socket.share(false));
            }
        }

        @Override
        public void complete() {
            Map<Place, ListeningSocket> before = open;
            before.forEach((place, socket) -> {
                if (!next.containsKey(place) && isPartOf(place, next.keySet())) {
                    next.put(place, socket);
                }
            });
            open = Collections.unmodifiableMap(next);
            named = Collections.unmodifiableMap(names);
            opened.values().forEach(ListeningSocket::accept);
            before.forEach((place, socket) -> {
                if (!next.containsKey(place)) {
                    leave(place, socket);
                }
            });
        }

        private void leave(Place place, ListeningSocket socket) {
            if (next.keySet().stream().anyMatch(place::overlaps)) {
                retire(place, socket);
            } else {
                socket.close().awaitUninterruptibly(LINGER.toMillis());
            }
        }

        @Override
        public void abandon() {
            Map<Place, ListeningSocket> kept = new LinkedHashMap<>(open);
            opened.forEach((place, socket) -> {
                if (isPartOf(place, open.keySet())) {
                    // The kernel may already have queued clients on it.
                    kept.put(place, socket);
                    socket.accept();
                } else {
                    socket.discard();
                }
            });
            open = Collections.unmodifiableMap(kept);
            recalled.forEach(BoundListeners.this::retire);
        }
    }
}
