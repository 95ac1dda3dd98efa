// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import com.sun.management.ThreadMXBean;
import dev.wsroute.config.AccessLogConfig;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyDrain;
import dev.wsroute.config.RouteConfig;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.access.AccessGates;
import dev.wsroute.proxy.access.AccessPart;
import dev.wsroute.proxy.accesslog.AccessEntry;
import dev.wsroute.proxy.accesslog.AccessLogSink;
import dev.wsroute.proxy.accesslog.WrittenAccessLog;
import dev.wsroute.proxy.authz.AuthorizationSteps;
import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.containment.Failures;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.PacedShedder;
import dev.wsroute.proxy.drain.ShedObserver;
import dev.wsroute.proxy.http.client.ListenerRole;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.routing.RequestRouter;
import dev.wsroute.proxy.routing.TargetRewrite;
import dev.wsroute.proxy.server.ListeningSocket;
import dev.wsroute.proxy.server.ProxyContext;
import dev.wsroute.proxy.server.ProxyServer;
import dev.wsroute.proxy.server.TlsFront;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.snapshot.LiveSnapshot;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.snapshot.Snapshot;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A proxy on a free loopback port with one route, "apps/echo", for every host but "nowhere.example". */
public final class TestProxy implements AutoCloseable {

    public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    public static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private final ContainedLoops loops;
    private final ProxyServer server;
    private final LiveSnapshot snapshot;
    private final InetSocketAddress address;
    private final MemoryBudgets memory;
    private final @Nullable SslContext tls;
    private final boolean secured;
    private final ListeningSocket listener;
    private @Nullable AccessGate access;
    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final StubEndpoints endpoints;
    private final Queue<SSLEngine> engines = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<AccessEntry> log = new LinkedBlockingQueue<>();
    private final BlockingQueue<AccessEntry> opened = new LinkedBlockingQueue<>();

    /** The transport of all test proxies: property {@code wsroute.test.io}, with the values of {@code --io}. */
    public static Transport transport() {
        return Transport.choose(System.getProperty("wsroute.test.io", "auto"));
    }

    TestProxy(TestProxyOptions options) throws IOException {
        endpoints = options.endpoints;
        memory = options.memory;
        Transport transport = transport();
        loops = transport.newEventLoops(1);
        RuleConfig rule = options.changes
                .apply(RuleConfig.named("main"))
                .plainHttp(options.plain)
                .timeouts(options.timeouts)
                .connectRetries(options.connectRetries)
                .connections(options.rules)
                .build();
        snapshot = new LiveSnapshot(new Snapshot(
                options.traps.set(
                        RequestRouter.class,
                        request -> request.host().equals("nowhere.example")
                                ? null
                                : new ActiveRule(
                                        "apps/echo",
                                        rule,
                                        options.traps.set(EndpointSelector.class, endpoints),
                                        RouteConfig.Paths.AsReceived,
                                        TargetRewrite.NONE,
                                        options.secured(),
                                        options.gate != null ? options.gate : access)),
                options.terms,
                new ProxyDrain(Duration.ZERO, Duration.ofSeconds(1), options.closeTimeout),
                options.maxBufferedBytes,
                AccessLogConfig.DEFAULT,
                secretParameters(rule, options.secretParameters)));
        server = new ProxyServer(
                transport,
                loops,
                new ProxyContext(
                        snapshot,
                        connections,
                        options.traps.set(ProxyMetrics.class, options.metrics),
                        options.traps.set(AccessLogSink.class, this::log),
                        options.keepaliveRound,
                        new PacedShedder(loops.next(), connections, () -> options.window, ShedObserver.NONE),
                        memory));
        List<AccessPart> steps = new ArrayList<>(options.steps);
        steps.add(new AuthorizationSteps(
                (route, asked) -> services(asked),
                service -> service.tls() == null ? null : TestTls.backend(),
                server::checkDialer,
                server::markLoop,
                memory,
                options.metrics));
        access = new AccessGates(options.metrics, steps.toArray(AccessPart[]::new)).gate("apps/echo", rule);
        listener = server.bind(ListenerConfig.http("http", null, 0), "127.0.0.1", false);
        address = listener.address();
        listener.assume(options.role);
        tls = options.tls;
        secured = tls != null || options.secured;
        if (tls != null) {
            TlsFront.install(listener, tls, engines::add);
        }
        Runnable opened = options.traps.set(Runnable.class, () -> {});
        connections.addListener(connection -> opened.run());
        listener.accept();
    }

    private static Set<String> secretParameters(RuleConfig rule, Set<String> further) {
        ProxyConfig document = Documents.config(Documents.route("apps/echo", List.of(), rule));
        Set<String> names = new HashSet<>(
                Snapshot.of(document, request -> null, Integer.MAX_VALUE).secretParameters());
        names.addAll(further);
        return names;
    }

    /** The endpoints of the rule's authorization service, which are in the document. */
    private static StubEndpoints services(RuleConfig asked) {
        StubEndpoints services = new StubEndpoints();
        Objects.requireNonNull(asked.backends().get(0).endpoints())
                .forEach(endpoint -> services.add(new InetSocketAddress(endpoint.address(), endpoint.port())));
        return services;
    }

    public static TestProxy to(RawBackend backend) throws IOException {
        return options().to(backend.address()).start();
    }

    /** Changes what the configuration says about the listener. */
    public void assume(ListenerRole role) {
        listener.assume(role);
    }

    public static TestProxyOptions options() {
        return new TestProxyOptions();
    }

    public static String handshake(String... headers) {
        StringBuilder head = new StringBuilder("GET /chat?x=1 HTTP/1.1\r\nHost: chat.example.com\r\n");
        head.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
        head.append("Sec-WebSocket-Key: ").append(KEY).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    public static String switching(String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        head.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
        head.append(ACCEPT).append("\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    public RawPeer connect() throws IOException {
        return connect(0);
    }

    /** @param receiveBuffer size of the receive buffer in bytes; 0 for the default */
    public RawPeer connect(int receiveBuffer) throws IOException {
        return secure(RawPeer.connect(address, receiveBuffer));
    }

    /** Makes the TLS handshake on a connection if the clients of this proxy use TLS. */
    public RawPeer secure(RawPeer connection) throws IOException {
        return secured ? connection.secure(TestTls.clientContext()) : connection;
    }

    /** Opens a tunnel. Returns both ends after the handshake. */
    public Pair open(RawBackend backend, String... headers) throws IOException {
        return open(backend, connect(), headers);
    }

    /** @param headers sent by both in their handshakes */
    public Pair open(RawBackend backend, RawPeer client, String... headers) throws IOException {
        client.send(handshake(headers));
        RawPeer behind = backend.accept();
        behind.readHead();
        behind.send(switching(headers));
        client.readHead();
        return new Pair(client, behind);
    }

    /** Waits until the proxy has read everything that was sent to it. */
    public void finishReading() {
        // Two runs of the loop, since the first may be in progress. The second one reads everything from the sockets.
        loops.submit(() -> {}).syncUninterruptibly();
        loops.submit(() -> {}).syncUninterruptibly();
    }

    /** Blocks the event loop until the returned action is run. */
    public Runnable hold() {
        CountDownLatch held = new CountDownLatch(1);
        loops.execute(() -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return held::countDown;
    }

    /** Bytes of heap that the event loop's thread has allocated so far, including those for this call. */
    public long allocatedBytes() throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return loops.submit(() ->
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId()))
                .sync()
                .getNow();
    }

    /** Both ends of a tunnel. */
    public record Pair(RawPeer client, RawPeer backend) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            backend.close();
        }
    }

    public InetSocketAddress address() {
        return address;
    }

    /** The current snapshot. */
    public LiveSnapshot snapshot() {
        return snapshot;
    }

    /** Applies these terms. */
    public void apply(ProxyTerms terms) {
        snapshot.swap(snapshot.get().withTerms(terms));
    }

    public ProxyServer server() {
        return server;
    }

    public MemoryBudgets memory() {
        return memory;
    }

    /** Engines of its clients' connections, open or closed. */
    public Collection<SSLEngine> engines() {
        return engines;
    }

    /** Failures of single connections. */
    public Failures failures() {
        return loops.failures();
    }

    public ConnectionRegistry connections() {
        return connections;
    }

    public StubEndpoints endpoints() {
        return endpoints;
    }

    private void log(AccessEntry entry) {
        WrittenAccessLog.add(entry);
        (entry.event() == AccessEntry.Event.OPEN ? opened : log).add(entry);
    }

    /** Waits for the next access log entry of an end. */
    public AccessEntry nextLogged() throws InterruptedException {
        return next(log);
    }

    /** Waits for the next access log entry of an opened WebSocket. */
    public AccessEntry nextOpened() throws InterruptedException {
        return next(opened);
    }

    private static AccessEntry next(BlockingQueue<AccessEntry> lines) throws InterruptedException {
        AccessEntry entry = lines.poll(10, TimeUnit.SECONDS);
        if (entry == null) {
            throw new AssertionError("nothing was logged");
        }
        return entry;
    }

    @Override
    public void close() {
        server.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
