// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.tls.FollowedMaterial.Parser;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sources that are followed; listeners or backends with the same source share it. Confined to the control thread. */
final class FollowedSources {

    private final Executor control;
    private final MaterialSources factory;
    private final KeptMaterial kept;
    private final Runnable changed;
    private final IdentityParser identityParser;
    private final IdentityParser clientIdentityParser;
    private final Map<CertificateSource, FollowedMaterial<ServerIdentity>> identities = new HashMap<>();
    private final Map<CertificateSource, FollowedMaterial<ServerIdentity>> clientIdentities = new HashMap<>();
    private final Map<CaCertificateSource, FollowedMaterial<CaBundle>> authorities = new HashMap<>();
    private final Map<TicketKeysConfig, FollowedMaterial<TicketKeys>> ticketKeys = new HashMap<>();

    FollowedSources(
            Executor control, MaterialSources factory, KeptMaterial kept, InstantSource clock, Runnable changed) {
        this.control = control;
        this.factory = factory;
        this.kept = kept;
        this.changed = changed;
        this.identityParser = new IdentityParser(clock, true);
        this.clientIdentityParser = new IdentityParser(clock, false);
    }

    /** Follows what a document needs. Completes when all of it has reported. */
    CompletableFuture<Void> require(TlsNeeds needs) {
        List<CompletableFuture<Void>> known = new ArrayList<>();
        needs.serverCertificates().forEach(source -> known.add(identity(source).known()));
        needs.clientCertificates()
                .forEach(source -> known.add(clientIdentity(source).known()));
        needs.authorities().forEach(source -> known.add(authorities(source).known()));
        if (needs.ticketKeys() != null) {
            known.add(ticketKeys(needs.ticketKeys()).known());
        }
        return CompletableFuture.allOf(known.toArray(CompletableFuture[]::new));
    }

    /** Stops following anything. What was kept stays for the next start. */
    void close() {
        drop(identities, Set.of());
        drop(clientIdentities, Set.of());
        drop(authorities, Set.of());
        drop(ticketKeys, Set.of());
    }

    /** Stops following what a document does not need. */
    void retain(TlsNeeds needs) {
        TicketKeysConfig tickets = needs.ticketKeys();
        drop(identities, needs.serverCertificates());
        drop(clientIdentities, needs.clientCertificates());
        drop(authorities, needs.authorities());
        drop(ticketKeys, tickets == null ? Set.of() : Set.of(tickets));
        Set<String> labels = new HashSet<>();
        Stream.of(identities, clientIdentities, authorities, ticketKeys)
                .flatMap(followed -> followed.values().stream())
                .forEach(followed -> labels.add(followed.keptAs()));
        kept.retain(labels);
    }

    private static <K, T> void drop(Map<K, FollowedMaterial<T>> followed, Set<K> wanted) {
        followed.entrySet().removeIf(entry -> {
            boolean over = !wanted.contains(entry.getKey());
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
    }

    /** A certificate that listeners present. */
    FollowedMaterial<ServerIdentity> identity(CertificateSource source) {
        return identity(source, identities, identityParser);
    }

    /** A certificate that the proxy presents to backends, which needs no host name. */
    FollowedMaterial<ServerIdentity> clientIdentity(CertificateSource source) {
        return identity(source, clientIdentities, clientIdentityParser);
    }

    private FollowedMaterial<ServerIdentity> identity(
            CertificateSource source,
            Map<CertificateSource, FollowedMaterial<ServerIdentity>> followed,
            IdentityParser parser) {
        FollowedMaterial<ServerIdentity> known = followed.get(source);
        if (known == null) {
            boolean isFile = source.secret() == null;
            known = followed(source.label(), parser, factory.certificate(source), isFile);
            followed.put(source, known);
            known.start();
        }
        return known;
    }

    FollowedMaterial<CaBundle> authorities(CaCertificateSource source) {
        FollowedMaterial<CaBundle> known = authorities.get(source);
        if (known == null) {
            boolean isFile = source.file() != null;
            known = followed(source.label(), new BundleParser(), factory.authorities(source), isFile);
            authorities.put(source, known);
            known.start();
        }
        return known;
    }

    FollowedMaterial<TicketKeys> ticketKeys(TicketKeysConfig source) {
        FollowedMaterial<TicketKeys> known = ticketKeys.get(source);
        if (known == null) {
            boolean isFile = source.file() != null;
            known = followed(source.label(), new TicketKeysParser(), factory.ticketKeys(source), isFile);
            ticketKeys.put(source, known);
            known.start();
        }
        return known;
    }

    private <T> FollowedMaterial<T> followed(String label, Parser<T> parser, MaterialSource source, boolean isFile) {
        return new FollowedMaterial<>(label, parser, control, source, isFile ? KeptMaterial.NONE : kept, changed);
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

    /** @param ofListener whether the certificate needs a host name */
    private record IdentityParser(InstantSource clock, boolean ofListener) implements Parser<ServerIdentity> {

        @Override
        public String use() {
            return ofListener ? "server certificate" : "client certificate";
        }

        @Override
        public ServerIdentity parse(Map<String, byte[]> data) throws MaterialException {
            ServerIdentity identity = ServerIdentity.parse(
                    MaterialSources.CERTIFICATE,
                    value(data, MaterialSources.CERTIFICATE),
                    MaterialSources.PRIVATE_KEY,
                    value(data, MaterialSources.PRIVATE_KEY));
            if (ofListener) {
                identity.requireHost();
            }
            return identity;
        }

        /** Without a better one, an expired certificate is used: clients then see why they cannot connect. */
        @Override
        public @Nullable String refusal(ServerIdentity next, @Nullable ServerIdentity current) {
            if (current == null || current.equals(next) || current.validityFault(clock.instant()) != null) {
                return null;
            }
            return next.validityFault(clock.instant());
        }
    }

    private record BundleParser() implements Parser<CaBundle> {

        @Override
        public String use() {
            return "CA certificates";
        }

        @Override
        public CaBundle parse(Map<String, byte[]> data) throws MaterialException {
            return CaBundle.parse(CaCertificateSource.DATA_KEY, value(data, CaCertificateSource.DATA_KEY));
        }

        @Override
        public @Nullable String refusal(CaBundle next, @Nullable CaBundle current) {
            return null;
        }
    }

    private record TicketKeysParser() implements Parser<TicketKeys> {

        @Override
        public String use() {
            return "ticket keys";
        }

        @Override
        public TicketKeys parse(Map<String, byte[]> data) throws MaterialException {
            return TicketKeys.parse(TicketKeysConfig.DATA_KEY, value(data, TicketKeysConfig.DATA_KEY));
        }

        @Override
        public @Nullable String refusal(TicketKeys next, @Nullable TicketKeys current) {
            return null;
        }
    }

    private static byte[] value(Map<String, byte[]> data, String key) throws MaterialException {
        byte[] value = data.get(key);
        if (value == null) {
            throw new MaterialException("It has no data under " + key);
        }
        return value;
    }
}
