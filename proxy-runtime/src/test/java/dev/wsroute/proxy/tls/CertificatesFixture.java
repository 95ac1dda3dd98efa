// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.BackendTls;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateReport;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ListenerConfig.Protocol;
import dev.wsroute.config.ListenerTls;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.TestAuthority;
import dev.wsroute.proxy.testkit.TestAuthority.Issued;
import dev.wsroute.proxy.tls.CertificateMap.Slot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Certificates} whose sources are offered data by a test, and everything that they keep and report. */
abstract class CertificatesFixture {

    static final TestAuthority CA = TestAuthority.named("test CA");
    static final CertificateSource SECRET = CertificateSource.ofSecret("apps", "chat-tls");
    static final CertificateSource FILE = CertificateSource.ofFiles("/etc/tls.crt", "/etc/tls.key");
    static final TicketKeysConfig TICKET_KEYS = TicketKeysConfig.ofSecret("apps", "chat-proxy-ticket-keys");
    static final CaCertificateSource CLIENTS = CaCertificateSource.ofConfigMap("apps", "clients");

    final Map<String, FakeSource> sources = new HashMap<>();
    final Map<String, Map<String, byte[]>> kept = new HashMap<>();
    List<CertificateReport> reports = List.of();
    Map<String, Instant> soonest = Map.of();

    final Certificates certificates = create(Clock.systemUTC());

    Certificates create(InstantSource clock) {
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

    static ProxyConfig config(ListenerTls tls) {
        return ProxyConfig.named("chat")
                .listeners(List.of(new ListenerConfig("wss", null, 443, Protocol.HTTPS, tls)))
                .build();
    }

    static ProxyConfig plain() {
        return ProxyConfig.named("chat")
                .listeners(List.of(ListenerConfig.http("ws", null, 80)))
                .build();
    }

    static ProxyConfig withBackend(BackendTls tls) {
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

    /** TLS to the backend of such a document. */
    static TlsBackend backend(Certificates certificates, ProxyConfig config) {
        return Objects.requireNonNull(certificates.backend(
                config.routes().get(0).rules().get(0).backends().get(0)));
    }

    /** What a Secret with this certificate holds. */
    static Map<String, byte[]> data(Issued issued) {
        return Map.of(
                "tls.crt", TlsFixture.bytes(issued.certificatePem()),
                "tls.key", TlsFixture.bytes(issued.keyPem()));
    }

    /** A certificate that expires soon enough to be reported. */
    static Issued soon() {
        return CA.issue("test", Instant.now().plus(Duration.ofDays(10)), "dns:chat.example.com");
    }

    FakeSource source(CertificateSource source) {
        return source(source.label());
    }

    FakeSource source(CaCertificateSource source) {
        return source(source.label());
    }

    FakeSource source(TicketKeysConfig source) {
        return source(source.label());
    }

    private FakeSource source(String label) {
        return Objects.requireNonNull(sources.get(label));
    }

    @Nullable ServerIdentity inForce() {
        return inForce(certificates);
    }

    static @Nullable ServerIdentity inForce(Certificates certificates) {
        Slot slot = Objects.requireNonNull(certificates.listener("wss"))
                .certificates()
                .select(null);
        return slot == null ? null : slot.context().identity();
    }

    String fault() {
        return String.valueOf(reports.get(0).fault());
    }

    static Map<String, byte[]> bundle(TestAuthority authority) {
        return Map.of("ca.crt", TlsFixture.bytes(authority.certificatePem()));
    }

    static final class FakeSource implements MaterialSource {

        private @Nullable Sink sink;
        boolean closed;

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
