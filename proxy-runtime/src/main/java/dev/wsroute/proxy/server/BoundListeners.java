// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.proxy.config.Listeners;
import dev.wsroute.proxy.tls.TlsListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final ListenerRoles roles;
    /** By listener name, in the order of the document. */
    private volatile Map<String, ListeningSocket> named = Map.of();

    private volatile Map<SocketKey, ListeningSocket> open = Map.of();
    /** Wildcard sockets that close once their TCP handshakes have completed. */
    private final Map<SocketKey, ListeningSocket> retiring = new HashMap<>();

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
        this.roles = new ListenerRoles(tls);
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
            SocketKey key = SocketKey.of(listener, bindAddress);
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
                if (!next.containsKey(key) && key.isCoveredBy(next.keySet())) {
                    next.put(key, socket);
                }
            });
            open = Collections.unmodifiableMap(next);
            named = Collections.unmodifiableMap(names);
            roles.assign(wanted, names, next);
            opened.values().forEach(ListeningSocket::accept);
            before.forEach((key, socket) -> {
                if (!next.containsKey(key)) {
                    close(key, socket);
                }
            });
        }

        private void close(SocketKey key, ListeningSocket socket) {
            List<ListeningSocket> successors = next.entrySet().stream()
                    .filter(entry -> key.overlaps(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            if (!successors.isEmpty()) {
                if (successors.size() == 1) {
                    // Its open connections are held to what configurations say about their port.
                    socket.follow(successors.get(0));
                }
                retire(key, socket);
            } else {
                socket.close().awaitUninterruptibly(LINGER.toMillis());
            }
        }

        @Override
        public void abandon() {
            Map<SocketKey, ListeningSocket> kept = new LinkedHashMap<>(open);
            opened.forEach((key, socket) -> {
                if (key.isCoveredBy(open.keySet())) {
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
