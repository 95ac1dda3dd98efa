// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ExternalAuthorization;
import dev.wsroute.config.ExternalAuthorization.Lifetime;
import dev.wsroute.config.RuleConfig;
import dev.wsroute.proxy.containment.ContainedLoops;
import dev.wsroute.proxy.containment.FailurePoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.server.Transport;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.FakeConnection;
import dev.wsroute.proxy.testkit.StubEndpoints;
import dev.wsroute.proxy.testkit.TestProxy;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** A client of a stand-in service, on one event loop. */
final class ClientFixture implements AutoCloseable {

    private final Transport transport = TestProxy.transport();
    private final ContainedLoops loops = transport.newEventLoops(1);
    private final EventLoop loop = loops.next();
    final StubEndpoints endpoints = new StubEndpoints();
    final MemoryBudgets memory = MemoryPlan.ofProcess().budgets();
    private final Set<Channel> dialed = ConcurrentHashMap.newKeySet();
    private final AuthorizationClient client;
    private volatile LongSupplier clock = System::nanoTime;

    ClientFixture(InetSocketAddress service) {
        this(service, Duration.ofSeconds(10), Duration.ZERO, ClientLimits.DEFAULT);
    }

    ClientFixture(InetSocketAddress service, Duration timeout, Duration cacheFor, ClientLimits limits) {
        endpoints.add(service);
        ExternalAuthorization config = new ExternalAuthorization(
                new BackendConfig("auth", 1, null, List.of()),
                "/verify",
                timeout,
                false,
                null,
                List.of("X-User"),
                cacheFor,
                "X-User",
                null,
                Lifetime.Ignore);
        RuleConfig rule = RuleConfig.named("main/external").connectRetries(0).build();
        client = new AuthorizationClient(
                new AuthorizationTerms(config, this::dial, memory, ProxyMetrics.NONE, limits, () -> clock.getAsLong()),
                new ActiveRule("apps/echo", rule, endpoints));
    }

    private ChannelFuture dial(EventLoop on, InetSocketAddress address) {
        ChannelFuture connecting = new Bootstrap()
                .group(on)
                .channel(transport.socketChannel())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address);
        Channel channel = connecting.channel();
        dialed.add(channel);
        channel.closeFuture().addListener(closed -> dialed.remove(channel));
        return connecting;
    }

    private static Subrequest subrequest(String cookie, InetAddress from) {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set("Cookie", cookie);
        return new Subrequest(
                headers,
                "chat.example.com",
                Fingerprint.of("chat.example.com", headers),
                new Facts("chat", "/").from(from));
    }

    /** Stops the clock of the breaker and of kept answers. Timeouts have one of their own. */
    void stopClock() {
        long now = System.nanoTime();
        clock = () -> now;
    }

    /** Each look at the clock takes as long. */
    void slowClock(Duration step) {
        AtomicLong now = new AtomicLong(clock.getAsLong());
        clock = () -> now.addAndGet(step.toNanos());
    }

    /** Puts the stopped clock forward. */
    void pass(Duration time) {
        long now = clock.getAsLong() + time.toNanos();
        clock = () -> now;
    }

    /** Asks about a request that has this cookie. */
    CompletableFuture<ServiceAnswer> ask(String cookie) {
        return ask(cookie, InetAddress.getLoopbackAddress());
    }

    /** The same from a client with this address. */
    CompletableFuture<ServiceAnswer> ask(String cookie, InetAddress from) {
        return ask(subrequest(cookie, from), false);
    }

    /** Asks about a WebSocket that was opened with this cookie. */
    CompletableFuture<ServiceAnswer> askAgain(String cookie) {
        return ask(subrequest(cookie, InetAddress.getLoopbackAddress()), true);
    }

    private CompletableFuture<ServiceAnswer> ask(Subrequest subrequest, boolean fresh) {
        CompletableFuture<ServiceAnswer> answer = new CompletableFuture<>();
        loop.execute(() -> client.check(subrequest, loop, fresh, (told, source) -> answer.complete(told)));
        return answer;
    }

    ServiceAnswer answerTo(String cookie) throws Exception {
        return ask(cookie).get(30, TimeUnit.SECONDS);
    }

    /** What became of it: allowed, the status of a refusal, or the failure. */
    String outcomeOf(String cookie) throws Exception {
        return outcome(answerTo(cookie));
    }

    /** The same from the client of this number. */
    String outcomeOf(String cookie, int client) throws Exception {
        return outcome(ask(cookie, address(client)).get(30, TimeUnit.SECONDS));
    }

    static InetAddress address(int client) throws Exception {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) client});
    }

    static String outcome(ServiceAnswer answer) {
        if (answer instanceof ServiceAnswer.Refused refused) {
            return String.valueOf(refused.status());
        }
        return answer instanceof ServiceAnswer.Failed failed ? failed.failure().name() : "allowed";
    }

    /** Open connections to the service, and those that are being opened. */
    int openConnections() {
        return dialed.size();
    }

    /** Watches a WebSocket that was opened with this cookie. */
    void watch(String cookie, Duration every) {
        loop.submit(() -> client.watch(subrequest(cookie, InetAddress.getLoopbackAddress()), loop, every)
                        .opened(new FakeConnection(
                                "apps/echo", "main", new SourceKey.Listed("r", "r", "b"), new EndpointKey("pod", 1))))
                .syncUninterruptibly();
    }

    /** Waits until the loop has done what it had to do. */
    void settle() {
        loop.submit(() -> {}).syncUninterruptibly();
    }

    long containedErrors() {
        return Stream.of(FailurePoint.values())
                .mapToLong(loops.failures()::count)
                .sum();
    }

    @Override
    public void close() {
        dialed.forEach(channel -> channel.close().awaitUninterruptibly());
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
