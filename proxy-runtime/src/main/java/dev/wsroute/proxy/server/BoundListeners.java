// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.http.client.ListenerRole;
import dev.wsroute.proxy.tls.TlsListener;
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
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of the current configuration's listeners. When a listener changes its address and keeps its port, clients
 * of addresses that it still serves are not lost: a wildcard socket and a socket of one address can be open at the same
 * time, and the kernel prefers the more specific one.
 */
public final class BoundListeners implements Listeners {

    /** How long a replaced socket stays open, so that TCP handshakes in progress complete. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ProxyServer server;
    private final String bindAddress;
    private final boolean hot;
    private final Function<String, @Nullable TlsListener> tls;
    /** By listener name, in the order of the document. */
    private volatile Map<String, ListeningSocket> named = Map.of();

    private volatile Map<SocketKey, ListeningSocket> open = Map.of();
    /** Wildcard sockets that close once their TCP handshakes have completed. */
    private final Map<SocketKey, ListeningSocket> retiring = new HashMap<>();

    /**
     * The identity of a socket across documents. Independent of the listener's name, except for port 0.
     *
     * @param address the IPv4 wildcard stands for the IPv6 one too, since a socket of either accepts both
     * @param name null unless the port is 0
     */
    private record SocketKey(
            InetAddress address, int port, @Nullable String name) {

        boolean covers(InetAddress local) {
            return address.isAnyLocalAddress() || address.equals(local);
        }

        boolean overlaps(SocketKey other) {
            return port != 0
                    && port == other.port
                    && !equals(other)
                    && (address.isAnyLocalAddress() || other.address.isAnyLocalAddress());
        }
    }

    /**
     * @param hot whether later configurations open and close sockets. In pods they do not: new ports come with new
     *     pods, and the old pods still receive connections on the old ports
     * @param tls TLS of a listener by name; null for a plain one
     */
    public BoundListeners(
            ProxyServer server, String bindAddress, boolean hot, Function<String, @Nullable TlsListener> tls) {
        this.server = server;
        this.bindAddress = bindAddress;
        this.hot = hot;
        this.tls = tls;
    }

    @Override
    public ListenerChange prepare(List<ListenerConfig> wanted) throws IOException {
        retiring.values().removeIf(socket -> !socket.isOpen());
        Takeover takeover = new Takeover(wanted);
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
     * Whether the wildcard's port also has a socket for one address. The kernel prefers that socket, so it keeps
     * serving its address for the wildcard: closing it would lose connections that arrive at that moment.
     */
    private static boolean isCoveredBy(SocketKey key, Set<SocketKey> keys) {
        return !key.address().isAnyLocalAddress() && keys.stream().anyMatch(key::overlaps);
    }

    /**
     * Retires a wildcard socket when only one address is still served: TCP handshakes in progress complete, and
     * connections to other addresses are reset.
     */
    private void retire(SocketKey key, ListeningSocket socket) {
        retiring.put(key, socket);
        socket.retire(
                LINGER,
                address ->
                        open.keySet().stream().anyMatch(other -> other.port() == key.port() && other.covers(address)));
    }

    private SocketKey key(ListenerConfig listener) throws IOException {
        String host = listener.address() == null ? bindAddress : listener.address();
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        if (address == null) {
            throw new IOException("Cannot listen on " + host + ":" + listener.port() + " for listener '"
                    + listener.name() + "': unknown host");
        }
        if (address.isAnyLocalAddress()) {
            address = new InetSocketAddress(0).getAddress();
        }
        return new SocketKey(address, listener.port(), listener.port() == 0 ? listener.name() : null);
    }

    /** {@code name on address:port} of each listener, in the order of the document. */
    public List<String> addresses() {
        return named.entrySet().stream()
                .map(entry -> {
                    InetSocketAddress address = entry.getValue().address();
                    return entry.getKey() + " on " + address.getAddress().getHostAddress() + ":" + address.getPort();
                })
                .toList();
    }

    /** The change from one configuration's sockets to those of the next. */
    private final class Takeover implements ListenerChange {

        private final List<ListenerConfig> wanted;
        private final Map<SocketKey, ListeningSocket> next = new LinkedHashMap<>();
        private final Map<String, ListeningSocket> names = new LinkedHashMap<>();
        private final Map<SocketKey, ListeningSocket> opened = new LinkedHashMap<>();
        private final Map<SocketKey, ListeningSocket> recalled = new HashMap<>();

        Takeover(List<ListenerConfig> wanted) {
            this.wanted = wanted;
        }

        void keep() {
            next.putAll(open);
            names.putAll(named);
        }

        void add(ListenerConfig listener) throws IOException {
            SocketKey key = key(listener);
            for (SocketKey earlier : next.keySet()) {
                if (earlier.equals(key) || earlier.overlaps(key)) {
                    throw new IOException("Cannot listen on " + key.address().getHostAddress() + ":" + key.port()
                            + " for listener '" + listener.name() + "': another listener uses the same address and"
                            + " port");
                }
            }
            ListeningSocket socket = open.get(key);
            if (socket == null) {
                socket = recall(key);
            }
            if (socket == null) {
                socket = bind(listener, key);
            }
            next.put(key, socket);
            names.put(listener.name(), socket);
        }

        private @Nullable ListeningSocket recall(SocketKey key) {
            ListeningSocket socket = retiring.get(key);
            if (socket == null || !socket.cancelRetirement()) {
                return null;
            }
            retiring.remove(key);
            recalled.put(key, socket);
            return socket;
        }

        private ListeningSocket bind(ListenerConfig listener, SocketKey key) throws IOException {
            List<ListeningSocket> overlapping = Stream.of(open, retiring, recalled)
                    .flatMap(sockets -> sockets.entrySet().stream())
                    .filter(entry -> entry.getKey().overlaps(key))
                    .map(Map.Entry::getValue)
                    .toList();
            overlapping.forEach(socket -> socket.share(true));
            try {
                ListeningSocket socket = server.bind(listener, bindAddress, !overlapping.isEmpty());
                opened.put(key, socket);
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
            Map<SocketKey, ListeningSocket> before = open;
            before.forEach((key, socket) -> {
                if (!next.containsKey(key) && isCoveredBy(key, next.keySet())) {
                    next.put(key, socket);
                }
            });
            open = Collections.unmodifiableMap(next);
            named = Collections.unmodifiableMap(names);
            assumeRoles();
            opened.values().forEach(ListeningSocket::accept);
            before.forEach((key, socket) -> {
                if (!next.containsKey(key)) {
                    close(key, socket);
                }
            });
        }

        /** Takes effect for new connections, also of sockets that stay open. */
        private void assumeRoles() {
            Map<String, Integer> redirects = new HashMap<>();
            for (ListenerConfig listener : wanted) {
                ListeningSocket socket = names.get(listener.name());
                ListenerTls secured = listener.tls();
                boolean inForce = tls.apply(listener.name()) != null;
                String from = secured == null || !inForce ? null : secured.redirectFrom();
                if (socket != null && from != null) {
                    redirects.put(from, socket.address().getPort());
                }
            }
            for (ListenerConfig listener : wanted) {
                ListeningSocket socket = names.get(listener.name());
                if (socket != null) {
                    socket.assume(new ListenerRole(secured(listener, socket), redirects.get(listener.name())));
                }
            }
            // A socket of one address that stays open serves its address for the wildcard.
            next.forEach((key, socket) -> next.forEach((other, named) -> {
                if (other.overlaps(key) && names.containsValue(named) && !names.containsValue(socket)) {
                    socket.assume(named.role());
                }
            }));
        }

        /** Null for a listener without TLS. One that the configuration does not have never becomes one without TLS. */
        private @Nullable TlsListener secured(ListenerConfig listener, ListeningSocket socket) {
            TlsListener secured = tls.apply(listener.name());
            if (secured != null || listener.tls() == null) {
                return secured;
            }
            TlsListener before = socket.role().tls();
            return before != null ? before : TlsListener.withoutCertificates(listener.name());
        }

        private void close(SocketKey key, ListeningSocket socket) {
            if (next.keySet().stream().anyMatch(key::overlaps)) {
                retire(key, socket);
            } else {
                socket.close().awaitUninterruptibly(LINGER.toMillis());
            }
        }

        @Override
        public void abandon() {
            Map<SocketKey, ListeningSocket> kept = new LinkedHashMap<>(open);
            opened.forEach((key, socket) -> {
                if (isCoveredBy(key, open.keySet())) {
                    // The kernel may have queued clients on it already.
                    kept.put(key, socket);
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
