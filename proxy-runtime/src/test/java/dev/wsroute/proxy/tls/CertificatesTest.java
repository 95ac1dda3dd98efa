// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateReport.Place;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ClientCertificates;
import dev.wsroute.config.ClientCertificates.Mode;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerConfig.Protocol;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ListenerTls.SessionTickets;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.testkit.ManualClock;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.tls.CertificateMap.Slot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CertificatesTest {

    private static final TestAuthority CA = TestAuthority.named("test CA");
    private static final CertificateSource SECRET = CertificateSource.ofSecret("apps", "chat-tls");
    private static final CertificateSource FILE = CertificateSource.ofFiles("/etc/tls.crt", "/etc/tls.key");
    private static final TicketKeysConfig TICKET_KEYS = TicketKeysConfig.ofSecret("apps", "chat-proxy-ticket-keys");
    private static final CaCertificateSource CLIENTS = CaCertificateSource.ofConfigMap("apps", "clients");

    private final Map<String, FakeSource> sources = new HashMap<>();
    private final Map<String, Map<String, byte[]>> kept = new HashMap<>();
    private List<CertificateReport> reports = List.of();
    private Map<String, Instant> soonest = Map.of();

    private final Certificates certificates = create(Clock.systemUTC());

    private Certificates create(InstantSource clock) {
        Certificates created = new Certificates(
                new ManualScheduler(),
                new MaterialSources() {
                    @Override
                    public MaterialSource certificate(CertificateSource source) {
                        return sources.computeIfAbsent(source.label(), label -> new FakeSource());
                    }

                    @Override
                    public MaterialSource authorities(CaCertificateSource source) {
                        return sources.computeIfAbsent(source.label(), label -> new FakeSource());
                    }

                    @Override
                    public MaterialSource ticketKeys(TicketKeysConfig source) {
                        return sources.computeIfAbsent(source.label(), label -> new FakeSource());
                    }
                },
                new KeptMaterial() {
                    @Override
                    public @Nullable Map<String, byte[]> load(String source) {
                        return kept.get(source);
                    }

                    @Override
                    public void keep(String source, Map<String, byte[]> data) {
                        kept.put(source, data);
                    }

                    @Override
                    public void retain(Set<String> wanted) {
                        kept.keySet().retainAll(new HashSet<>(wanted));
                    }
                },
                clock);
        created.addObserver((urgent, ends) -> {
            reports = urgent;
            soonest = ends;
        });
        return created;
    }

    private static ProxyConfig config(ListenerTls tls) {
        return ProxyConfig.named("chat")
                .listeners(List.of(new ListenerConfig("wss", null, 443, Protocol.HTTPS, tls)))
                .build();
    }

    private static ProxyConfig plain() {
        return ProxyConfig.named("chat")
                .listeners(List.of(ListenerConfig.http("ws", null, 80)))
                .build();
    }

    private static Map<String, byte[]> data(Issued issued) {
        return Map.of(
                "tls.crt", TlsFixture.bytes(issued.certificatePem()),
                "tls.key", TlsFixture.bytes(issued.keyPem()));
    }

    /** A certificate that expires soon enough to be reported. */
    private static Issued soon() {
        return CA.issue("test", Instant.now().plus(Duration.ofDays(10)), "dns:chat.example.com");
    }

    private FakeSource source(CertificateSource source) {
        return Objects.requireNonNull(sources.get(source.label()));
    }

    private @Nullable ServerIdentity inForce() {
        Slot slot = Objects.requireNonNull(certificates.listener("wss"))
                .certificates()
                .select(null);
        return slot == null ? null : slot.context().identity();
    }

    private String fault() {
        return String.valueOf(reports.get(0).fault());
    }

    @Test
    void theCertificateOfTheSourceIsUsedAndKept() {
        Issued issued = soon();

        var known = certificates.require(config(ListenerTls.of(List.of(SECRET))));
        assertThat(known).isNotDone();
        source(SECRET).offer(data(issued));
        assertThat(known).isDone();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(issued));
        assertThat(kept).containsOnlyKeys("server certificate of Secret apps/chat-tls");
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.listener()).isEqualTo("wss");
            assertThat(report.source()).isEqualTo("Secret apps/chat-tls");
            assertThat(report.notAfter()).isNotNull();
            assertThat(report.fault()).isNull();
        });
        assertThat(soonest).containsOnlyKeys("wss");
    }

    @Test
    void aRenewedCertificateReplacesTheOldOneAndABrokenOneDoesNot() {
        Issued renewed = soon();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(soon()));

        Map<String, byte[]> good = data(renewed);
        source(SECRET).offer(good);
        assertThat(inForce()).isEqualTo(TlsFixture.identity(renewed));
        Map<String, byte[]> mixed = new HashMap<>(good);
        mixed.put("tls.key", TlsFixture.bytes(CA.issue("dns:a").keyPem()));
        source(SECRET).offer(mixed);

        assertThat(inForce()).isEqualTo(TlsFixture.identity(renewed));
        assertThat(fault()).isEqualTo("The key does not match the certificate");
        assertThat(kept.get("server certificate of Secret apps/chat-tls")).isSameAs(good);
        source(SECRET).offer(data(renewed));
        assertThat(reports.get(0).fault()).isNull();
    }

    @Test
    void anExpiredRenewalIsRefused() {
        Issued good = soon();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(good));

        source(SECRET).offer(data(CA.issue("test", Instant.now().minus(Duration.ofDays(1)), "dns:chat.example.com")));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(good));
        assertThat(fault()).startsWith("The certificate expired at ");
    }

    @Test
    void anExpiredCertificateIsReportedAndUsedWhileThereIsNoOther() {
        Issued expired = CA.issue("test", Instant.now().minus(Duration.ofDays(1)), "dns:chat.example.com");
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));

        source(SECRET).offer(data(expired));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(expired));
        assertThat(fault()).startsWith("The certificate expired at ");
    }

    @Test
    void aCertificateThatExpiresIsReportedByTheNextCheck() {
        Instant end = Instant.now().plus(Duration.ofDays(1));
        Certificates later = create(Clock.fixed(end.plusSeconds(1), ZoneOffset.UTC));
        kept.put("server certificate of Secret apps/chat-tls", data(CA.issue("test", end, "dns:chat.example.com")));

        later.applied(config(ListenerTls.of(List.of(SECRET))));
        later.check();

        assertThat(fault()).startsWith("The certificate expired at ");
    }

    @Test
    void aMissingSecretIsReportedAndWorksAsSoonAsItIsThere() {
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).unavailable("Secret apps/chat-tls does not exist");
        assertThat(inForce()).isNull();
        assertThat(fault()).isEqualTo("Secret apps/chat-tls does not exist");

        source(SECRET).offer(data(soon()));

        assertThat(inForce()).isNotNull();
        assertThat(reports.get(0).fault()).isNull();
    }

    @Test
    void aDeletedSecretStaysInForce() {
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(soon()));

        source(SECRET).unavailable("Secret apps/chat-tls was deleted");

        assertThat(inForce()).isNotNull();
        assertThat(fault()).isEqualTo("Secret apps/chat-tls was deleted");
    }

    @Test
    void whatAnEarlierProcessKeptIsUsedUntilTheSourceReports() {
        Issued last = soon();
        kept.put("server certificate of Secret apps/chat-tls", data(last));

        assertThat(certificates.require(config(ListenerTls.of(List.of(SECRET)))))
                .isDone();
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));

        assertThat(inForce()).isEqualTo(TlsFixture.identity(last));
    }

    @Test
    void filesAreNotKept() {
        certificates.applied(config(ListenerTls.of(List.of(FILE))));

        source(FILE).offer(data(soon()));

        assertThat(inForce()).isNotNull();
        assertThat(kept).isEmpty();
    }

    @Test
    void noHandshakeSucceedsBeforeTheClientsCaIsKnown() {
        ListenerTls tls = new ListenerTls(
                List.of(SECRET), new ClientCertificates(Mode.Require, List.of(CLIENTS)), null, null, null);
        certificates.applied(config(tls));
        source(SECRET).offer(data(soon()));
        assertThat(inForce()).isNull();

        Objects.requireNonNull(sources.get(CLIENTS.label()))
                .offer(Map.of("ca.crt", TlsFixture.bytes(CA.certificatePem())));

        assertThat(inForce()).isNotNull();
    }

    private static ProxyConfig withBackend(BackendTls tls) {
        BackendConfig backend =
                new BackendConfig("service/chat:wss", 1, new EndpointSliceRef("apps", "chat", "wss"), null, tls);
        return ProxyConfig.named("chat")
                .listeners(List.of(ListenerConfig.http("ws", null, 80)))
                .routes(List.of(new RouteConfig(
                        "apps/chat",
                        List.of(),
                        List.of(RuleConfig.named("main")
                                .backends(List.of(backend))
                                .build()))))
                .build();
    }

    private TlsBackend backend(ProxyConfig config) {
        return Objects.requireNonNull(certificates.backend(
                config.routes().get(0).rules().get(0).backends().get(0)));
    }

    private static Map<String, byte[]> bundle(TestAuthority authority) {
        return Map.of("ca.crt", TlsFixture.bytes(authority.certificatePem()));
    }

    @Test
    void aBackendNeedsEverythingThatItsSettingsName() {
        ProxyConfig config = withBackend(new BackendTls(List.of(CLIENTS), null, null, SECRET));
        var known = certificates.require(config);
        certificates.applied(config);
        TlsBackend backend = backend(config);

        assertThat(backend.hostname()).isEqualTo("chat.apps.svc");
        assertThat(backend.client().terms()).isNull();
        assertThat(reports)
                .allSatisfy(
                        report -> assertThat(report.place()).isEqualTo(Place.ofBackend("main", "service/chat:wss")));
        Instant late = Instant.now().plus(Duration.ofDays(30)).plus(Duration.ofHours(12));
        source(SECRET).offer(data(CA.issue("client", late)));
        assertThat(backend.client().terms()).isNull();
        assertThat(known).isNotDone();
        Objects.requireNonNull(sources.get(CLIENTS.label())).offer(bundle(CA));

        assertThat(known).isDone();
        assertThat(Objects.requireNonNull(backend.client().terms()).identity()).isNotNull();
        assertThat(reports).isEmpty();
        assertThat(kept)
                .containsOnlyKeys(
                        "client certificate of Secret apps/chat-tls", "CA certificates of ConfigMap apps/clients");
    }

    @Test
    void aBackendUsesRenewedCaCertificatesAndKeepsTheLastGoodOnes() {
        ProxyConfig config = withBackend(new BackendTls(List.of(CLIENTS), null, "chat.example.com", null));
        certificates.applied(config);
        FakeSource authorities = Objects.requireNonNull(sources.get(CLIENTS.label()));
        authorities.offer(bundle(CA));
        TlsBackend backend = backend(config);
        ClientTerms first = backend.client().terms();

        authorities.offer(bundle(TestAuthority.named("next")));
        ClientTerms second = backend.client().terms();
        assertThat(second).isNotNull().isNotEqualTo(first);
        authorities.offer(Map.of("ca.crt", TlsFixture.bytes("nonsense")));

        assertThat(backend.hostname()).isEqualTo("chat.example.com");
        assertThat(backend.client().terms()).isEqualTo(second);
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.place()).hasToString("Rule main, backend service/chat:wss");
            assertThat(report.source()).isEqualTo("ConfigMap apps/clients");
            assertThat(report.fault()).isNotNull();
        });
    }

    @Test
    void aBackendWithoutCaCertificatesTrustsTheSystems() {
        ProxyConfig config = withBackend(BackendTls.SYSTEM);
        assertThat(certificates.require(config)).isDone();

        certificates.applied(config);

        assertThat(backend(config).client().terms()).isEqualTo(new ClientTerms(systemsOwn(), null));
    }

    private static TrustedServers systemsOwn() {
        try {
            return TrustedServers.ofSystem();
        } catch (MaterialException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAFormerConfigurationUsesForBackendsStaysForAWhile() {
        ProxyConfig config = withBackend(BackendTls.SYSTEM);
        certificates.applied(config);
        TlsBackend backend = backend(config);

        certificates.applied(plain());

        assertThat(backend.client().terms()).isNotNull();
        certificates.check();
        certificates.check();
        assertThat(backend.client().terms()).isNull();
    }

    private static ProxyConfig sharing(SessionTickets tickets) {
        return ProxyConfig.named("chat")
                .listeners(List.of(new ListenerConfig(
                        "wss", null, 443, Protocol.HTTPS, new ListenerTls(List.of(SECRET), null, null, null, tickets))))
                .ticketKeys(TICKET_KEYS)
                .build();
    }

    private static Map<String, byte[]> ticketKeys(int... values) {
        return Map.of("ticket.keys", TlsFixture.bytes(TlsFixture.ticketKeys(values)));
    }

    private TicketKeys ticketKeysInForce() {
        return Objects.requireNonNull(certificates.listener("wss")).ticketKeys();
    }

    private FakeSource ticketSource() {
        return Objects.requireNonNull(sources.get(TICKET_KEYS.label()));
    }

    @Test
    void theTicketKeysOfTheSourceAreUsedAndKeptAndBrokenOnesAreReported() throws Exception {
        ProxyConfig config = sharing(SessionTickets.Enabled);
        var known = certificates.require(config);
        source(SECRET).offer(data(soon()));
        assertThat(known).isNotDone();
        ticketSource().offer(ticketKeys(1, 2, 3));
        assertThat(known).isDone();
        certificates.applied(config);
        assertThat(ticketKeysInForce())
                .isEqualTo(TicketKeys.parse("", ticketKeys(1, 2, 3).get("ticket.keys")));

        Map<String, byte[]> rotated = ticketKeys(2, 3, 4);
        ticketSource().offer(rotated);
        ticketSource().offer(Map.of("ticket.keys", TlsFixture.bytes("not a key")));

        assertThat(ticketKeysInForce()).isEqualTo(TicketKeys.parse("", rotated.get("ticket.keys")));
        assertThat(kept.get("ticket keys of " + TICKET_KEYS.label())).isSameAs(rotated);
        assertThat(reports.get(0).source()).isEqualTo(TICKET_KEYS.label());
        assertThat(fault()).isEqualTo("ticket.keys line 1 is not base64");
        ticketSource().offer(rotated);
        assertThat(reports.get(0).fault()).isNull();
    }

    @Test
    void ticketKeysThatAnEarlierProcessKeptAreUsedUntilTheSourceReports() throws Exception {
        Map<String, byte[]> last = ticketKeys(1, 2, 3);
        kept.put("ticket keys of " + TICKET_KEYS.label(), last);

        certificates.applied(sharing(SessionTickets.Enabled));

        assertThat(ticketKeysInForce()).isEqualTo(TicketKeys.parse("", last.get("ticket.keys")));
    }

    @Test
    void withoutTicketsTheKeysAreNeitherReadNorKept() {
        kept.put("ticket keys of " + TICKET_KEYS.label(), ticketKeys(1, 2, 3));

        certificates.applied(sharing(SessionTickets.Disabled));

        assertThat(sources).doesNotContainKey(TICKET_KEYS.label());
        assertThat(kept).isEmpty();
    }

    @Test
    void aProxyWithoutSharedKeysReplacesItsRandomOnesTwiceADay() {
        ManualClock clock = new ManualClock();
        Certificates alone = create(clock);
        alone.applied(config(ListenerTls.of(List.of(SECRET))));
        TlsListener listener = Objects.requireNonNull(alone.listener("wss"));
        TicketKeys first = listener.ticketKeys();

        clock.advance(Duration.ofHours(11));
        alone.check();
        assertThat(listener.ticketKeys()).isEqualTo(first);
        clock.advance(Duration.ofHours(1));
        alone.check();
        TicketKeys second = listener.ticketKeys();
        assertThat(second).isNotEqualTo(first);

        clock.advance(Duration.ofDays(-300));
        alone.check();
        assertThat(listener.ticketKeys()).isEqualTo(second);
        clock.advance(Duration.ofHours(12));
        alone.check();
        assertThat(listener.ticketKeys()).isNotEqualTo(second);
    }

    @Test
    void sourcesThatNoListenerNamesAreClosedAndForgotten() {
        certificates.applied(config(ListenerTls.of(List.of(SECRET))));
        source(SECRET).offer(data(soon()));
        TlsListener listener = Objects.requireNonNull(certificates.listener("wss"));

        certificates.applied(plain());

        assertThat(source(SECRET).closed).isTrue();
        assertThat(kept).isEmpty();
        assertThat(reports).isEmpty();
        assertThat(certificates.listener("wss")).isNull();
        // Its socket may still accept queued clients.
        assertThat(listener.certificates().select(null)).isNotNull();
        certificates.check();
        certificates.check();
        assertThat(listener.certificates().select(null)).isNull();
    }

    private static final class FakeSource implements MaterialSource {

        private @Nullable Sink sink;
        private boolean closed;

        @Override
        public void start(Sink to) {
            sink = to;
        }

        @Override
        public void close() {
            closed = true;
        }

        void offer(Map<String, byte[]> data) {
            Objects.requireNonNull(sink).offer(data);
        }

        void unavailable(String reason) {
            Objects.requireNonNull(sink).unavailable(reason);
        }
    }
}
