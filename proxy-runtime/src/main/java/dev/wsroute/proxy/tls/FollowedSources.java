// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.material.FollowedMaterial;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.MaterialException;
import dev.wsroute.proxy.material.MaterialParser;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.material.SharedMaterial;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sources of certificates and keys that are followed. Confined to the control thread. */
final class FollowedSources {

    private final Executor control;
    private final KeptMaterial kept;
    private final Runnable changed;
    private final SharedMaterial<CertificateSource, ServerIdentity> identities;
    private final SharedMaterial<CertificateSource, ServerIdentity> clientIdentities;
    private final SharedMaterial<CaCertificateSource, CaBundle> authorities;
    private final SharedMaterial<TicketKeysConfig, TicketKeys> ticketKeys;

    FollowedSources(
            Executor control, MaterialSources factory, KeptMaterial kept, InstantSource clock, Runnable changed) {
        this.control = control;
        this.kept = kept;
        this.changed = changed;
        this.identities = identities(factory, new IdentityParser(clock, true));
        this.clientIdentities = identities(factory, new IdentityParser(clock, false));
        MaterialParser<CaBundle> bundle =
                MaterialParser.of("CA certificates", CaCertificateSource.DATA_KEY, CaBundle::parse);
        this.authorities = new SharedMaterial<>(
                source -> material(source.label(), bundle, factory.authorities(source), source.file() != null));
        MaterialParser<TicketKeys> keys =
                MaterialParser.of("ticket keys", TicketKeysConfig.DATA_KEY, TicketKeys::parse);
        this.ticketKeys = new SharedMaterial<>(
                source -> material(source.label(), keys, factory.ticketKeys(source), source.file() != null));
    }

    private SharedMaterial<CertificateSource, ServerIdentity> identities(
            MaterialSources factory, IdentityParser parser) {
        return new SharedMaterial<>(
                source -> material(source.label(), parser, factory.certificate(source), source.secret() == null));
    }

    private <T> FollowedMaterial<T> material(
            String label, MaterialParser<T> parser, MaterialSource source, boolean isFile) {
        return new FollowedMaterial<>(label, parser, control, source, isFile ? KeptMaterial.NONE : kept, changed);
    }

    /** Follows what a document needs. Completes when all of it has reported. */
    CompletableFuture<Void> require(TlsNeeds needs) {
        return CompletableFuture.allOf(
                identities.require(needs.serverCertificates()),
                clientIdentities.require(needs.clientCertificates()),
                authorities.require(needs.authorities()),
                ticketKeys.require(ticketKeys(needs)));
    }

    /** Uses certificates that were not valid yet and are now. */
    void retry() {
        identities.retry();
        clientIdentities.retry();
    }

    /** Stops following what a document does not need. */
    void retain(TlsNeeds needs) {
        retainOnly(needs);
        kept.retain(Stream.of(identities, clientIdentities, authorities, ticketKeys)
                .flatMap(SharedMaterial::keptAs)
                .collect(Collectors.toSet()));
    }

    /** Stops following anything. What was kept stays for the next start. */
    void close() {
        retainOnly(TlsNeeds.NONE);
    }

    private void retainOnly(TlsNeeds needs) {
        identities.retain(needs.serverCertificates());
        clientIdentities.retain(needs.clientCertificates());
        authorities.retain(needs.authorities());
        ticketKeys.retain(ticketKeys(needs));
    }

    private static Set<TicketKeysConfig> ticketKeys(TlsNeeds needs) {
        TicketKeysConfig source = needs.ticketKeys();
        return source == null ? Set.of() : Set.of(source);
    }

    /** A certificate that listeners present. */
    FollowedMaterial<ServerIdentity> identity(CertificateSource source) {
        return identities.follow(source);
    }

    /** A certificate that the proxy presents to backends, which needs no host name. */
    FollowedMaterial<ServerIdentity> clientIdentity(CertificateSource source) {
        return clientIdentities.follow(source);
    }

    FollowedMaterial<CaBundle> authorities(CaCertificateSource source) {
        return authorities.follow(source);
    }

    FollowedMaterial<TicketKeys> ticketKeys(TicketKeysConfig source) {
        return ticketKeys.follow(source);
    }

    /**
     * What the contexts of a listener have in common.
     *
     * @return null if clients must be verified and no CA is known: then no handshake may succeed
     * @throws MaterialException if the platform cannot use the CAs
     */
    @Nullable ServerTerms terms(ListenerTls tls) throws MaterialException {
        ClientCertificates clients = tls.clientCertificates();
        boolean resumption = tls.sessionTickets() == SessionTickets.Enabled;
        if (clients == null) {
            return new ServerTerms(tls.minVersion(), null, resumption);
        }
        List<Certificate> trusted = certificates(clients.caCertificates());
        return trusted.isEmpty()
                ? null
                : new ServerTerms(tls.minVersion(), TrustedClients.of(clients.mode(), trusted), resumption);
    }

    /** The certificates of these sources that are known. */
    List<Certificate> certificates(List<CaCertificateSource> sources) {
        List<Certificate> certificates = new ArrayList<>();
        for (CaCertificateSource source : sources) {
            CaBundle good = authorities(source).good();
            if (good != null) {
                certificates.addAll(good.certificates());
            }
        }
        return certificates;
    }
}
