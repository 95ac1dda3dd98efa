// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.containment.ThreadRules;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the certificates and CAs that the configuration names, and gives each TLS listener the newest good ones. A
 * renewed certificate is in force as soon as its source reports it. Confined to the control thread.
 */
public final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private final Executor control;
    private final FollowedSources sources;
    private final InstantSource clock;
    private final RandomTicketKeys randomTicketKeys;
    private final Map<String, TlsListener> listeners = new LinkedHashMap<>();
    private List<TlsListener> retired = new ArrayList<>();
    /** Retired before the last check. */
    private List<TlsListener> closed = List.of();

    private final List<CertificateObserver> observers = new ArrayList<>();
    private List<ListenerConfig> current = List.of();
    private @Nullable TicketKeysConfig ticketKeys;
    private boolean updating;

    /**
     * @param factory creates sources
     * @param kept keeps good data for the next start
     */
    public Certificates(Executor control, MaterialSources factory, KeptMaterial kept, InstantSource clock) {
        this.control = control;
        this.clock = clock;
        this.randomTicketKeys = new RandomTicketKeys(clock);
        this.sources = new FollowedSources(control, factory, kept, clock, this::changed);
    }

    /** Adds a receiver of changes. Call before the first document. */
    public void addObserver(CertificateObserver observer) {
        observers.add(observer);
    }

    /**
     * Starts following a document's sources in addition to the current ones.
     *
     * @return completes when all of them have reported
     */
    public CompletableFuture<Void> require(ProxyConfig config) {
        assert ThreadRules.on(control);
        return sources.require(secured(config), ticketKeys(config));
    }

    /** Switches to the sources of an applied document, and stops following others. */
    public void applied(ProxyConfig config) {
        assert ThreadRules.on(control);
        current = secured(config);
        ticketKeys = ticketKeys(config);
        sources.require(current, ticketKeys);
        sources.retain(current, ticketKeys);
        Set<String> names = new HashSet<>();
        current.forEach(listener -> names.add(listener.name()));
        listeners.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                // Its socket may still accept queued clients.
                retired.add(entry.getValue());
            }
            return gone;
        });
        names.forEach(name -> listeners.computeIfAbsent(name, TlsListener::new));
        update();
    }

    /** TLS of the listener with this name; null if it has none. */
    public @Nullable TlsListener listener(String name) {
        assert ThreadRules.on(control);
        return listeners.get(name);
    }

    /** Reports expired certificates, and frees what closed listeners used. Call now and then. */
    public void check() {
        assert ThreadRules.on(control);
        // Sockets close within seconds.
        closed.forEach(TlsListener::clear);
        closed = retired;
        retired = new ArrayList<>();
        useTicketKeys();
        report();
    }

    /** Stops following sources and frees the contexts. Call when the control thread has stopped. */
    public void close() {
        current = List.of();
        sources.close();
        listeners.values().forEach(TlsListener::clear);
        retired.forEach(TlsListener::clear);
        closed.forEach(TlsListener::clear);
    }

    private static List<ListenerConfig> secured(ProxyConfig config) {
        return config.listeners().stream()
                .filter(listener -> listener.tls() != null)
                .toList();
    }

    /** Where the keys of session tickets come from; null if the document does not say, or if nobody gets tickets. */
    private static @Nullable TicketKeysConfig ticketKeys(ProxyConfig config) {
        return secured(config).stream().anyMatch(Certificates::issuesTickets) ? config.ticketKeys() : null;
    }

    private static boolean issuesTickets(ListenerConfig listener) {
        return Objects.requireNonNull(listener.tls()).sessionTickets() == SessionTickets.Enabled;
    }

    /** Thousands of sources report at once when the proxy starts: updates once for those that are queued. */
    private void changed() {
        if (!updating) {
            updating = true;
            control.execute(() -> {
                updating = false;
                update();
            });
        }
    }

    private void update() {
        for (ListenerConfig listener : current) {
            TlsListener tls = listeners.get(listener.name());
            if (tls != null) {
                update(tls, Objects.requireNonNull(listener.tls()));
            }
        }
        useTicketKeys();
        report();
    }

    private void useTicketKeys() {
        TicketKeys shared =
                ticketKeys == null ? null : sources.ticketKeys(ticketKeys).good();
        TicketKeys keys = shared == null ? randomTicketKeys.current() : shared;
        listeners.values().forEach(listener -> listener.use(keys));
    }

    private void update(TlsListener listener, ListenerTls config) {
        try {
            ServerTerms terms = sources.terms(config);
            if (terms == null) {
                listener.clear();
                return;
            }
            Map<String, ServerIdentity> identities = new LinkedHashMap<>();
            for (CertificateSource source : config.certificates()) {
                ServerIdentity identity = sources.identity(source).good();
                if (identity != null) {
                    identities.put(source.label(), identity);
                }
            }
            listener.swap(identities, terms);
        } catch (MaterialException e) {
            LOG.warn("Listener '{}' keeps its CA certificates: {}", listener.name(), e.sentence());
        }
    }

    private void report() {
        Instant now = clock.instant();
        List<CertificateReport> reports = new ArrayList<>();
        Map<String, Instant> soonest = new HashMap<>();
        for (ListenerConfig listener : current) {
            ListenerTls tls = Objects.requireNonNull(listener.tls());
            for (CertificateSource source : tls.certificates()) {
                FollowedMaterial<ServerIdentity> followed = sources.identity(source);
                ServerIdentity identity = followed.good();
                String fault = followed.fault();
                if (identity == null) {
                    reports.add(
                            CertificateReport.faulty(listener.name(), source.label(), null, unknown(followed, fault)));
                } else {
                    String problem = fault == null ? identity.validityFault(now) : fault;
                    reports.add(
                            problem == null
                                    ? CertificateReport.sound(
                                            listener.name(), source.label(), identity.notBefore(), identity.notAfter())
                                    : CertificateReport.faulty(
                                            listener.name(), source.label(), identity.notAfter(), problem));
                    soonest.merge(listener.name(), identity.notAfter(), (a, b) -> a.isBefore(b) ? a : b);
                }
            }
            if (ticketKeys != null && issuesTickets(listener)) {
                String fault = sources.ticketKeys(ticketKeys).fault();
                if (fault != null) {
                    reports.add(CertificateReport.faulty(listener.name(), ticketKeys.label(), null, fault));
                }
            }
            if (tls.clientCertificates() != null) {
                for (CaCertificateSource source : tls.clientCertificates().caCertificates()) {
                    var followed = sources.authorities(source);
                    if (followed.good() == null || followed.fault() != null) {
                        reports.add(CertificateReport.faulty(
                                listener.name(), source.label(), null, unknown(followed, followed.fault())));
                    }
                }
            }
        }
        List<CertificateReport> urgent = CertificateReport.mostUrgent(reports, now);
        observers.forEach(observer -> observer.certificates(urgent, soonest));
    }

    private static String unknown(FollowedMaterial<?> followed, @Nullable String fault) {
        return fault == null ? followed.label() + " has not been read yet" : fault;
    }
}
