// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.server;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.proxy.http.client.ListenerRole;
import dev.wsroute.proxy.tls.TlsListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the current configuration says about each listener: its TLS, and where it redirects to.
 *
 * @param tls TLS of a listener by name; null for a plain one
 */
record ListenerRoles(Function<String, @Nullable TlsListener> tls) {

    /**
     * Assigns the roles. They take effect for new connections, also of sockets that stay open.
     *
     * @param named sockets by listener name; others stay open because of their address
     * @param open all sockets
     */
    void assign(
            List<ListenerConfig> listeners, Map<String, ListeningSocket> named, Map<SocketKey, ListeningSocket> open) {
        Map<String, Integer> redirects = redirects(listeners, named);
        for (ListenerConfig listener : listeners) {
            ListeningSocket socket = named.get(listener.name());
            if (socket != null) {
                socket.assume(new ListenerRole(secured(listener, socket), redirects.get(listener.name())));
            }
        }
        // A socket of one address that stays open serves its address for the wildcard.
        open.forEach((key, socket) -> open.forEach((other, wildcard) -> {
            if (other.overlaps(key) && named.containsValue(wildcard) && !named.containsValue(socket)) {
                socket.assume(wildcard.role());
            }
        }));
    }

    /** The ports that plain listeners redirect to, by listener name. */
    private Map<String, Integer> redirects(List<ListenerConfig> listeners, Map<String, ListeningSocket> named) {
        Map<String, Integer> redirects = new HashMap<>();
        for (ListenerConfig listener : listeners) {
            ListeningSocket socket = named.get(listener.name());
            ListenerTls secured = listener.tls();
            boolean inForce = tls.apply(listener.name()) != null;
            String from = secured == null || !inForce ? null : secured.redirectFrom();
            if (socket != null && from != null) {
                redirects.put(from, socket.address().getPort());
            }
        }
        return redirects;
    }

    /** Null for a plain listener. A listener that should have TLS never serves plaintext, not even before its TLS is known. */
    private @Nullable TlsListener secured(ListenerConfig listener, ListeningSocket socket) {
        TlsListener secured = tls.apply(listener.name());
        if (secured != null || listener.tls() == null) {
            return secured;
        }
        TlsListener before = socket.role().tls();
        return before != null ? before : TlsListener.withoutCertificates(listener.name());
    }
}
