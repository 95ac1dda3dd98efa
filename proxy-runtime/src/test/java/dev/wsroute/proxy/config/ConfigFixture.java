// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

import static dev.wsroute.proxy.testkit.Documents.rule;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.CaCertificateSource;
import dev.wsroute.config.CertificateSource;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.TicketKeysConfig;
import dev.wsroute.proxy.access.AccessGates;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.discovery.Absence;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointDirectory;
import dev.wsroute.proxy.discovery.EndpointSource;
import dev.wsroute.proxy.discovery.ListedSource;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.ConnectionDrainer;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.material.KeptMaterial;
import dev.wsroute.proxy.material.MaterialSource;
import dev.wsroute.proxy.memory.ConnectionRoom;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.session.SessionKeys;
import dev.wsroute.proxy.snapshot.LiveSnapshot;
import dev.wsroute.proxy.snapshot.Snapshot;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.RecordingShedder;
import dev.wsroute.proxy.tls.Certificates;
import dev.wsroute.proxy.tls.MaterialSources;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An applier and everything that it changes. The test controls the clock, the endpoints and the sockets. */
abstract class ConfigFixture {

    static final SourceKey LISTED = new SourceKey.Listed("r", "x", "a");
    static final Duration PATIENCE = Duration.ofMinutes(1);

    final ManualScheduler control = new ManualScheduler();
    private final Map<SourceKey, FakeSource> sources = new HashMap<>();
    private final EndpointDirectory directory =
            new EndpointDirectory(this::source, control, Duration.ofMillis(500), PATIENCE, Map.of());
    private final Balancing balancing = new Balancing((route, backend, endpoint, time) -> {});
    private final SessionKeys sessionKeys = new SessionKeys(
            control,
            key -> {
                throw new AssertionError("no document names a key");
            },
            key -> {},
            key -> {},
            null);
    private final Certificates certificates = new Certificates(
            control,
            new MaterialSources() {
                @Override
                public MaterialSource certificate(CertificateSource source) {
                    throw new AssertionError("no document names a certificate");
                }

                @Override
                public MaterialSource authorities(CaCertificateSource source) {
                    throw new AssertionError("no document names a CA");
                }

                @Override
                public MaterialSource ticketKeys(TicketKeysConfig source) {
                    throw new AssertionError("no document names ticket keys");
                }
            },
            KeptMaterial.NONE,
            Clock.systemUTC());
    final LiveSnapshot snapshot = new LiveSnapshot(Snapshot.EMPTY);
    final ConnectionRegistry connections = new ConnectionRegistry();
    final RecordingShedder shedder = new RecordingShedder();
    private final ConnectionDrainer drainer = new ConnectionDrainer(connections, shedder, control);
    final FakeListeners listeners = new FakeListeners();
    final List<String> outcomes = new CopyOnWriteArrayList<>();
    final ActiveConfig active = new ActiveConfig(
            directory,
            balancing,
            sessionKeys,
            certificates,
            new AccessGates(ProxyMetrics.NONE),
            snapshot,
            drainer,
            new ConnectionRoom(1000, 800));
    final ConfigApplier applier = new ConfigApplier(control, active, listeners, Duration.ofSeconds(1));

    ConfigFixture() {
        directory.addListener(balancing);
        directory.addListener(drainer);
        connections.addListener(drainer::opened);
        applier.addListener(new ConfigListener() {
            @Override
            public void applied(Parsed parsed, ConfigText text) {
                ConfigVersion version = parsed.config().version();
                outcomes.add("applied " + (version == null ? "-" : version.generation()));
            }

            @Override
            public void refused(@Nullable ConfigVersion version, String reason, RefusalCause cause) {
                outcomes.add(cause + " " + (version == null ? "-" : version.generation()) + ": " + reason);
            }
        });
    }

    @Nullable String target(String host, String path) {
        ActiveRule rule = snapshot.get().router().route(new Facts(host, path));
        EndpointLease lease = rule == null ? null : rule.endpoints().select(new Facts(host, path), Set.of());
        return lease == null ? null : lease.endpoint().key().toString();
    }

    private EndpointSource source(SourceKey key, BackendConfig backend) {
        if (backend.endpoints() != null) {
            return new ListedSource(backend.endpoints(), control, InetAddress::getAllByName);
        }
        FakeSource source = new FakeSource();
        sources.put(key, source);
        return source;
    }

    FakeSource fake(String service) {
        return Objects.requireNonNull(sources.get(new SourceKey.Slices("apps", service, "ws")));
    }

    FakeSource fakeProxies(String service) {
        return Objects.requireNonNull(sources.get(new SourceKey.Proxies(new SourceKey.Slices("apps", service, "ws"))));
    }

    void found(String service, Endpoint... endpoints) {
        Objects.requireNonNull(fake(service).sink).publish(List.of(endpoints), Absence.TO_CONFIRM);
    }

    static final class FakeSource implements EndpointSource {

        @Nullable EndpointSink sink;

        boolean closed;

        @Override
        public void start(EndpointSink to) {
            sink = to;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    final class FakeListeners implements Listeners {

        final List<List<ListenerConfig>> applied = new ArrayList<>();
        final List<Snapshot> bound = new ArrayList<>();
        final List<Snapshot> accepting = new ArrayList<>();
        int attempts;

        @Nullable String failure;

        Runnable onPrepare = () -> {};

        @Override
        public ListenerChange prepare(List<ListenerConfig> wanted) throws IOException {
            attempts++;
            onPrepare.run();
            if (failure != null) {
                throw new IOException(failure);
            }
            bound.add(snapshot.get());
            return new ListenerChange() {
                @Override
                public void complete() {
                    applied.add(wanted);
                    accepting.add(snapshot.get());
                }

                @Override
                public void abandon() {
                    throw new AssertionError("nothing fails behind the sockets");
                }
            };
        }
    }
}
