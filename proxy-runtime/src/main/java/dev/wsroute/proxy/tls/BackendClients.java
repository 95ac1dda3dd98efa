// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.BackendTls;
import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.tls.TlsNeeds.SecuredBackend;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS to the backends of the current document; those with the same settings share it. Confined to the control thread. */
final class BackendClients {

    private static final Logger LOG = LoggerFactory.getLogger(BackendClients.class);

    private final FollowedSources sources;
    /** By settings without the host name. */
    private final Map<BackendTls, TlsClient> clients = new HashMap<>();

    BackendClients(FollowedSources sources) {
        this.sources = sources;
    }

    /**
     * Replaces the set of backends.
     *
     * @return what none of them uses any more; connections that are being made may
     */
    List<TlsClient> apply(List<SecuredBackend> backends) {
        Set<BackendTls> wanted = new HashSet<>();
        backends.forEach(backend -> wanted.add(backend.tls().withoutHostname()));
        List<TlsClient> unused = new ArrayList<>();
        clients.entrySet().removeIf(entry -> {
            boolean over = !wanted.contains(entry.getKey());
            if (over) {
                unused.add(entry.getValue());
            }
            return over;
        });
        wanted.forEach(settings -> clients.computeIfAbsent(settings, key -> new TlsClient()));
        return unused;
    }

    /** Null if no backend of the document has these settings. */
    @Nullable TlsClient get(BackendTls settings) {
        return clients.get(settings.withoutHostname());
    }

    /** Uses the newest certificates. */
    void update() {
        clients.forEach((settings, client) -> {
            try {
                client.swap(terms(settings, client.terms()));
            } catch (MaterialException e) {
                LOG.warn("Connections to backends keep their CA certificates: {}", e.sentence());
            }
        });
    }

    /** Null if something that the settings name has never been read: then no handshake may begin. */
    private @Nullable ClientTerms terms(BackendTls settings, @Nullable ClientTerms current) throws MaterialException {
        ServerIdentity identity = null;
        if (settings.clientCertificate() != null) {
            identity = sources.clientIdentity(settings.clientCertificate()).good();
            if (identity == null) {
                return null;
            }
        }
        if (settings.authorities().isEmpty()) {
            return new ClientTerms(TrustedServers.ofSystem(), identity);
        }
        List<Certificate> trusted = sources.certificates(settings.authorities());
        if (trusted.isEmpty()) {
            return null;
        }
        boolean same = current != null && current.servers().authorities().equals(trusted);
        return new ClientTerms(same && current != null ? current.servers() : TrustedServers.of(trusted), identity);
    }

    void close() {
        clients.values().forEach(client -> client.swap(null));
        clients.clear();
    }
}
