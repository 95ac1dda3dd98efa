// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.TicketKeysConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a document needs for TLS.
 *
 * @param listeners those with TLS
 * @param backends those with TLS, with their rules
 * @param ticketKeys source of the keys of session tickets; null if the document does not say, or if nobody gets tickets
 */
record TlsNeeds(
        List<ListenerConfig> listeners,
        List<SecuredBackend> backends,
        @Nullable TicketKeysConfig ticketKeys) {

    static final TlsNeeds NONE = new TlsNeeds(List.of(), List.of(), null);

    /**
     * A backend with TLS.
     *
     * @param rule name of its rule
     * @param name its name
     */
    record SecuredBackend(String rule, String name, BackendTls tls) {}

    static TlsNeeds of(ProxyConfig config) {
        List<SecuredBackend> backends = new ArrayList<>();
        config.routes()
                .forEach(route -> route.rules().stream()
                        .flatMap(RuleConfig::withAuthorization)
                        .forEach(rule -> rule.backends().forEach(backend -> {
                            BackendTls tls = backend.tls();
                            if (tls != null) {
                                backends.add(new SecuredBackend(rule.name(), backend.name(), tls));
                            }
                        })));
        List<ListenerConfig> listeners = config.listeners().stream()
                .filter(listener -> listener.tls() != null)
                .toList();
        boolean tickets = listeners.stream().anyMatch(TlsNeeds::issuesTickets);
        return new TlsNeeds(listeners, backends, tickets ? config.ticketKeys() : null);
    }

    /** Whether a listener with TLS gives its clients session tickets. */
    static boolean issuesTickets(ListenerConfig listener) {
        return tls(listener).sessionTickets() == SessionTickets.Enabled;
    }

    /** Certificates that listeners present. */
    Set<CertificateSource> serverCertificates() {
        Set<CertificateSource> sources = new HashSet<>();
        listeners.forEach(listener -> sources.addAll(tls(listener).certificates()));
        return sources;
    }

    /** Certificates that the proxy presents to backends. */
    Set<CertificateSource> clientCertificates() {
        Set<CertificateSource> sources = new HashSet<>();
        for (SecuredBackend backend : backends) {
            CertificateSource source = backend.tls().clientCertificate();
            if (source != null) {
                sources.add(source);
            }
        }
        return sources;
    }

    /** CA certificates, of clients and of backends. */
    Set<CaCertificateSource> authorities() {
        Set<CaCertificateSource> sources = new HashSet<>();
        for (ListenerConfig listener : listeners) {
            ClientCertificates clients = tls(listener).clientCertificates();
            if (clients != null) {
                sources.addAll(clients.caCertificates());
            }
        }
        backends.forEach(backend -> sources.addAll(backend.tls().authorities()));
        return sources;
    }

    static ListenerTls tls(ListenerConfig listener) {
        return Objects.requireNonNull(listener.tls());
    }
}
