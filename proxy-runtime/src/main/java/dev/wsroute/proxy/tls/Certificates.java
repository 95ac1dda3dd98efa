// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.containment.ThreadRules;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.MaterialException;
import java.time.InstantSource;
import java.util.ArrayList;
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
 * Follows the certificates and CAs that the configuration names, and gives each TLS listener and each backend with TLS the
 * newest good ones. A renewed certificate is in force as soon as its source reports it. Confined to the control thread.
 */
public final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    private final Executor control;
    private final FollowedSources sources;
    private final InstantSource clock;
    private final RandomTicketKeys randomTicketKeys;
    private final Map<String, TlsListener> listeners = new LinkedHashMap<>();
    private final BackendClients backends;
    /** Frees what closed listeners and former backends used. */
    private List<Runnable> retired = new ArrayList<>();
    /** Retired before the last check. */
    private List<Runnable> closed = List.of();

    private final List<CertificateObserver> observers = new ArrayList<>();
    private TlsNeeds current = TlsNeeds.NONE;
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
        this.backends = new BackendClients(sources);
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
        return sources.require(TlsNeeds.of(config));
    }

    /** Switches to the sources of an applied document, and stops following others. */
    public void applied(ProxyConfig config) {
        assert ThreadRules.on(control);
        current = TlsNeeds.of(config);
        sources.require(current);
        sources.retain(current);
        Set<String> names = new HashSet<>();
        current.listeners().forEach(listener -> names.add(listener.name()));
        listeners.entrySet().removeIf(entry -> {
            boolean gone = !names.contains(entry.getKey());
            if (gone) {
                // Its socket may still accept queued clients.
                retired.add(entry.getValue()::clear);
            }
            return gone;
        });
        names.forEach(name -> listeners.computeIfAbsent(name, TlsListener::new));
        backends.apply(current.backends()).forEach(unused -> retired.add(() -> unused.swap(null)));
        update();
    }

    /** TLS of the listener with this name; null if it has none. */
    public @Nullable TlsListener listener(String name) {
        assert ThreadRules.on(control);
        return listeners.get(name);
    }

    /** TLS to a backend of the applied document; null if it has none. */
    public @Nullable TlsBackend backend(BackendConfig backend) {
        assert ThreadRules.on(control);
        BackendTls settings = backend.tls();
        if (settings == null) {
            return null;
        }
        // Never null: that would mean a connection without TLS.
        return new TlsBackend(
                Objects.requireNonNull(backends.get(settings)), Objects.requireNonNull(backend.tlsHostname()));
    }

    /**
     * Uses certificates that have become valid, reports expired ones, and frees what closed listeners and former backends used.
     * Call now and then.
     */
    public void check() {
        assert ThreadRules.on(control);
        // Sockets close within seconds.
        closed.forEach(Runnable::run);
        closed = retired;
        retired = new ArrayList<>();
        sources.retry();
        useTicketKeys();
        report();
    }

    /** Stops following sources and frees the contexts. Call when the control thread has stopped. */
    public void close() {
        current = TlsNeeds.NONE;
        sources.close();
        listeners.values().forEach(TlsListener::clear);
        backends.close();
        retired.forEach(Runnable::run);
        closed.forEach(Runnable::run);
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
        for (ListenerConfig listener : current.listeners()) {
            TlsListener tls = listeners.get(listener.name());
            if (tls != null) {
                update(tls, TlsNeeds.tls(listener));
            }
        }
        backends.update();
        useTicketKeys();
        report();
    }

    private void useTicketKeys() {
        TicketKeysConfig source = current.ticketKeys();
        TicketKeys shared = source == null ? null : sources.ticketKeys(source).good();
        TicketKeys keys = shared == null ? randomTicketKeys.current() : shared;
        listeners.values().forEach(listener -> listener.use(keys));
    }

    private void update(TlsListener listener, ListenerTls config) {
        ClientCertificates clients = config.clientCertificates();
        listener.demand(clients == null ? null : clients.mode());
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
        CertificateReports reports = CertificateReports.of(current, sources, clock.instant());
        List<CertificateReport> urgent = reports.mostUrgent();
        observers.forEach(observer -> observer.certificates(urgent, reports.soonest()));
    }
}
