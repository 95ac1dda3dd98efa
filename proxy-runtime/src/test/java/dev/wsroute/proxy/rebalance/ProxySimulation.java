// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.rebalance;

import dev.wsroute.config.BackendConfig.EndpointSliceRef;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.config.ProxyReport;
import dev.wsroute.config.ProxyReport.Load;
import dev.wsroute.config.Rebalance;
import dev.wsroute.config.ReportsConfig;
import dev.wsroute.proxy.balance.ManualBalancing;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.ConnectionView;
import dev.wsroute.proxy.drain.LiveConnection;
import dev.wsroute.proxy.drain.ManualPacing;
import dev.wsroute.proxy.drain.PacedShedder;
import dev.wsroute.proxy.drain.ShedObserver;
import dev.wsroute.proxy.report.ReportSource;
import dev.wsroute.proxy.testkit.Documents;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Simulated proxies, each of which decides alone, with reports that they write and read at their own times. Clients that are asked to
 * leave come back after a second, to a random proxy unless a test says otherwise. The clock is virtual.
 */
abstract class ProxySimulation {

    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Rebalance TWO_PERCENT = new Rebalance(true, 25, 2, Duration.ofMinutes(5));
    static final Rebalance QUICK = new Rebalance(true, 25, 100, Duration.ZERO);

    private static final EndpointSliceRef SLICES = new EndpointSliceRef("apps", "chat-proxy", "ws");
    private static final ReportsConfig REPORTS = new ReportsConfig(Duration.ofSeconds(10));

    final ManualScheduler time = new ManualScheduler();
    final Map<String, Proxy> proxies = new TreeMap<>();
    final List<Client> asked = new ArrayList<>();
    private final Map<String, ProxyReport> configMap = new HashMap<>();
    private final Random random = new Random(11);
    /** Where a client connects. */
    Function<Client, Proxy> loadBalancer = client -> any();

    Duration reconnect = Duration.ofSeconds(1);
    boolean apiAnswers = true;
    private EndpointSet listed = EndpointSet.EMPTY;

    /** One proxy, with its own registry, pacer and view of the others. */
    final class Proxy {

        final String name;
        final ConnectionRegistry connections = new ConnectionRegistry();
        final PacedShedder shedder = ManualPacing.shedder(time, connections, ShedObserver.NONE);
        final Rebalancing rebalancing;
        boolean reports = true;
        boolean pretendsToBeEmpty;
        private ProxyConfig config = config(new Rebalance(false, null, null, null));
        private long sequence;

        Proxy(String name) {
            this.name = name;
            rebalancing = new Rebalancing(
                    connections,
                    ManualBalancing.balancing(time),
                    shedder,
                    time,
                    time::nanoTime,
                    () -> random,
                    new OtherProxies(name, Polls::new));
            time.schedule(this::report, random.nextLong(Duration.ofSeconds(10).toNanos()), TimeUnit.NANOSECONDS);
        }

        private void report() {
            if (reports && apiAnswers) {
                configMap.put(
                        name,
                        new ProxyReport(
                                config.version(),
                                null,
                                pretendsToBeEmpty ? 0 : connections.size(),
                                List.of(),
                                new Load(++sequence, 0, 0, null)));
            }
            time.schedule(this::report, REPORTS.every().toNanos(), TimeUnit.NANOSECONDS);
        }

        void apply(Rebalance rebalance) {
            apply(config(rebalance));
        }

        void apply(ProxyConfig next) {
            config = next;
            rebalancing.changed(SourceKey.Proxies.of(SLICES), listed);
            rebalancing.applied(new Parsed(config, List.of(), List.of()), Documents.text(1, config));
        }

        List<Client> clients() {
            return connections.matching(any -> true).stream()
                    .map(Client.class::cast)
                    .toList();
        }
    }

    private static ProxyConfig config(Rebalance rebalance) {
        ProxyConfig config = ProxyConfig.named("apps/chat")
                .listeners(List.of(ListenerConfig.http("ws", null, 80)))
                .reports(REPORTS)
                .proxies(SLICES)
                .rebalance(rebalance)
                .build();
        return config.withVersion(ConfigVersion.of(1, config));
    }

    /** Reads the reports now and then, as far as the API answers. */
    private final class Polls implements ReportSource {

        private final Duration every;
        private boolean closed;

        Polls(Duration every) {
            this.every = every;
        }

        @Override
        public void start(Consumer<Map<String, ProxyReport>> reports) {
            if (closed) {
                return;
            }
            if (apiAnswers) {
                reports.accept(Map.copyOf(configMap));
            }
            long nanos = every.toNanos();
            time.schedule(() -> start(reports), nanos * 3 / 4 + random.nextLong(nanos / 2), TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Starts proxies of this template with a configuration, and lists them all as ready. */
    void start(Rebalance rebalance, String... names) {
        for (String name : names) {
            Proxy proxy = new Proxy(name);
            proxies.put(name, proxy);
            proxy.apply(rebalance);
        }
        allReady();
    }

    void allReady() {
        list(proxies.keySet().stream().map(name -> endpoint(name, true, false)).toArray(Endpoint[]::new));
    }

    /** All proxies learn at once that these are the endpoints of their Service. */
    void list(Endpoint... endpoints) {
        listed = EndpointSet.of(Arrays.asList(endpoints));
        proxies.values().forEach(proxy -> proxy.rebalancing.changed(SourceKey.Proxies.of(SLICES), listed));
    }

    static Endpoint endpoint(String pod, boolean ready, boolean terminating) {
        return new Endpoint(
                new EndpointKey("uid-of-" + pod, 80),
                new InetSocketAddress("127.0.0.1", 80),
                pod,
                ready,
                ready,
                terminating);
    }

    /** A proxy that takes clients, at random. */
    Proxy any() {
        List<Proxy> ready = listed.endpoints().stream()
                .filter(endpoint -> endpoint.ready() && !endpoint.terminating())
                .map(endpoint -> proxies.get(endpoint.podName()))
                .toList();
        return ready.get(random.nextInt(ready.size()));
    }

    void connect(int count) {
        for (int i = 0; i < count; i++) {
            connect(any());
        }
    }

    void connect(Proxy proxy) {
        new Client(proxy, -1);
    }

    int count(String proxy) {
        return proxies.get(proxy).connections.size();
    }

    int clients() {
        return proxies.values().stream()
                .mapToInt(proxy -> proxy.connections.size())
                .sum();
    }

    /** A client's connection, and when it was asked to leave the one before. */
    final class Client implements LiveConnection {

        final Proxy proxy;
        private final long opened = time.nanoTime();
        private final long askedBefore;
        private long askedNow;
        private boolean closed;

        Client(Proxy proxy, long askedBefore) {
            this.proxy = proxy;
            this.askedBefore = askedBefore;
            proxy.connections.add(this);
        }

        void leave() {
            proxy.connections.remove(this);
        }

        long sinceAskedBefore() {
            return askedBefore < 0 ? Long.MAX_VALUE : askedNow - askedBefore;
        }

        @Override
        public String route() {
            return "apps/chat";
        }

        @Override
        public String rule() {
            return "all";
        }

        @Override
        public SourceKey source() {
            return new SourceKey.Listed("apps/chat", "all", "b0");
        }

        @Override
        public EndpointKey endpoint() {
            return new EndpointKey("b", 80);
        }

        @Override
        public boolean toLeavingEndpoint() {
            return false;
        }

        @Override
        public ConnectionView view() {
            long age = TimeUnit.NANOSECONDS.toSeconds(time.nanoTime() - opened);
            return new ConnectionView(
                    "id", route(), rule(), "b", "192.0.2.7", null, null, "10.0.0.1:80", age, 0, 0, 0, 0);
        }

        @Override
        public void close(CloseReason reason) {
            if (closed) {
                throw new AssertionError("closed twice");
            }
            closed = true;
            leave();
            if (reason == CloseReason.PROXY_REBALANCED) {
                askedNow = time.nanoTime();
                asked.add(this);
            }
            time.schedule(
                    () -> new Client(loadBalancer.apply(this), askedNow), reconnect.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
