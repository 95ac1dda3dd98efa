// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.TicketKeysConfig;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Name of the Secret with the keys of TLS session tickets. */
public final class TicketKeysSecret {

    private TicketKeysSecret() {}

    /** The Secret of {@code route}, in its namespace. */
    public static String secret(String route) {
        return route + "-proxy-ticket-keys";
    }

    /** The Secret that all proxies of the route share; null if no listener issues tickets. */
    static @Nullable TicketKeysConfig of(ObjectMeta route, List<ListenerConfig> listeners) {
        return listeners.stream().noneMatch(TicketKeysSecret::issuesTickets)
                ? null
                : TicketKeysConfig.ofSecret(route.getNamespace(), secret(route.getName()));
    }

    private static boolean issuesTickets(ListenerConfig listener) {
        ListenerTls tls = listener.tls();
        return tls != null && tls.sessionTickets() == SessionTickets.Enabled;
    }
}
