// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.material.FollowedMaterial;
import dev.wsroute.proxy.tls.TlsNeeds.SecuredBackend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of all certificates of a document at one time. */
final class CertificateReports {

    private final FollowedSources sources;
    private final Instant now;
    private final List<CertificateReport> reports = new ArrayList<>();
    private final Map<String, Instant> soonest = new HashMap<>();

    private CertificateReports(FollowedSources sources, Instant now) {
        this.sources = sources;
        this.now = now;
    }

    static CertificateReports of(TlsNeeds needs, FollowedSources sources, Instant now) {
        CertificateReports reports = new CertificateReports(sources, now);
        for (ListenerConfig listener : needs.listeners()) {
            reports.listener(listener);
            TicketKeysConfig tickets = needs.ticketKeys();
            if (tickets != null && TlsNeeds.issuesTickets(listener)) {
                reports.ticketKeys(listener, tickets);
            }
        }
        needs.backends().forEach(reports::backend);
        return reports;
    }

    /** Those that need attention. */
    List<CertificateReport> mostUrgent() {
        return CertificateReport.mostUrgent(reports, now);
    }

    /** By listener, when the first of its certificates in force expires. */
    Map<String, Instant> soonest() {
        return soonest;
    }

    private void listener(ListenerConfig listener) {
        ListenerTls tls = TlsNeeds.tls(listener);
        Place place = Place.ofListener(listener.name());
        for (CertificateSource source : tls.certificates()) {
            ServerIdentity identity = identity(place, sources.identity(source));
            if (identity != null) {
                soonest.merge(listener.name(), identity.notAfter(), (a, b) -> a.isBefore(b) ? a : b);
            }
        }
        ClientCertificates clients = tls.clientCertificates();
        if (clients != null) {
            authorities(place, clients.caCertificates());
        }
    }

    private void ticketKeys(ListenerConfig listener, TicketKeysConfig source) {
        String fault = sources.ticketKeys(source).fault();
        if (fault != null) {
            reports.add(CertificateReport.faulty(Place.ofListener(listener.name()), source.label(), null, fault));
        }
    }

    private void backend(SecuredBackend backend) {
        Place place = Place.ofBackend(backend.rule(), backend.name());
        CertificateSource source = backend.tls().clientCertificate();
        if (source != null) {
            identity(place, sources.clientIdentity(source));
        }
        authorities(place, backend.tls().authorities());
    }

    /** Returns the one in force, if any. */
    private @Nullable ServerIdentity identity(Place place, FollowedMaterial<ServerIdentity> followed) {
        ServerIdentity identity = followed.good();
        String fault = followed.fault();
        if (identity == null) {
            reports.add(CertificateReport.faulty(place, followed.label(), null, unknown(followed)));
            return null;
        }
        String problem = fault == null ? identity.validityFault(now) : fault;
        reports.add(
                problem == null
                        ? CertificateReport.sound(place, followed.label(), identity.notBefore(), identity.notAfter())
                        : CertificateReport.faulty(place, followed.label(), identity.notAfter(), problem));
        return identity;
    }

    private void authorities(Place place, List<CaCertificateSource> named) {
        for (CaCertificateSource source : named) {
            var followed = sources.authorities(source);
            if (followed.good() == null || followed.fault() != null) {
                reports.add(CertificateReport.faulty(place, followed.label(), null, unknown(followed)));
            }
        }
    }

    private static String unknown(FollowedMaterial<?> followed) {
        String fault = followed.fault();
        return fault == null ? followed.label() + " has not been read yet" : fault;
    }
}
