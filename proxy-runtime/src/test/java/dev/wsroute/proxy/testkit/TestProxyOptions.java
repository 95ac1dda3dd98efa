// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.config.ConnectionRules;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.RuleConfig.PlainHttp;
import dev.wsroute.config.RuleConfig.Timeouts;
import dev.wsroute.config.RuleConfigBuilder;
import dev.wsroute.proxy.access.AccessPart;
import dev.wsroute.proxy.http.client.ListenerRole;
import dev.wsroute.proxy.memory.MemoryBudgets;
import dev.wsroute.proxy.memory.MemoryPlan;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.routing.AccessGate;
import dev.wsroute.proxy.server.ProxyContext;
import dev.wsroute.proxy.snapshot.ProxyTerms;
import dev.wsroute.proxy.snapshot.RequestLimits;
import dev.wsroute.proxy.tls.TlsBackend;
import dev.wsroute.proxy.tls.TlsListener;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings of a proxy under test that differ from the defaults. */
public final class TestProxyOptions {
    final StubEndpoints endpoints = new StubEndpoints();
    PlainHttp plain = PlainHttp.DEFAULT;
    Timeouts timeouts = Timeouts.DEFAULT;
    int connectRetries = ConnectionRules.DEFAULT.connectRetries();
    UnaryOperator<RuleConfigBuilder> changes = builder -> builder;
    ConnectionRules rules = ConnectionRules.DEFAULT;
    int maxBufferedBytes = LimitsConfig.DEFAULT.maxBufferedBytesPerConnection();
    Duration window = Duration.ofSeconds(1);
    Duration closeTimeout = Duration.ofSeconds(5);
    Duration keepaliveRound = ProxyContext.KEEPALIVE_ROUND;
    ProxyTerms terms = ProxyTerms.DEFAULT;
    List<AccessPart> steps = List.of();
    Set<String> secretParameters = Set.of();
    ProxyMetrics metrics = ProxyMetrics.NONE;
    Traps traps = Traps.NONE;

    @Nullable AccessGate gate;

    boolean secured = TestTls.isOfListener();
    ListenerRole role = secured ? new ListenerRole(TestTls.listener(), null) : ListenerRole.PLAIN;

    @Nullable TlsBackend backends = TestTls.isOnBackends() ? TestTls.backend() : null;

    @Nullable SslContext tls = TestTls.isOn() && !secured ? TestTls.server() : null;

    MemoryBudgets memory = MemoryPlan.ofProcess().with("heads", 32L << 20).budgets();

    public TestProxyOptions to(InetSocketAddress endpoint) {
        return to(endpoint, null);
    }

    /** @param other the endpoint's address of the other family */
    public TestProxyOptions to(InetSocketAddress endpoint, @Nullable InetSocketAddress other) {
        endpoints.add(endpoint, other);
        return this;
    }

    public TestProxyOptions plain(PlainHttp http) {
        plain = http;
        return this;
    }

    public TestProxyOptions timeouts(Timeouts values) {
        timeouts = values;
        return this;
    }

    public TestProxyOptions rules(ConnectionRules values) {
        rules = values;
        return this;
    }

    /** Further changes to its rule. */
    public TestProxyOptions rule(UnaryOperator<RuleConfigBuilder> differences) {
        changes = differences;
        return this;
    }

    public TestProxyOptions maxBufferedBytes(int bytes) {
        maxBufferedBytes = bytes;
        return this;
    }

    public TestProxyOptions keepaliveRound(Duration round) {
        keepaliveRound = round;
        return this;
    }

    public TestProxyOptions connectRetries(int retries) {
        connectRetries = retries;
        return this;
    }

    /** Over how long many connections that are due are closed. */
    public TestProxyOptions window(Duration over) {
        window = over;
        return this;
    }

    public TestProxyOptions closeTimeout(Duration timeout) {
        closeTimeout = timeout;
        return this;
    }

    public TestProxyOptions limits(RequestLimits values) {
        terms = terms.withLimits(values);
        return this;
    }

    public TestProxyOptions terms(ProxyTerms values) {
        terms = values;
        return this;
    }

    public TestProxyOptions metrics(ProxyMetrics hearing) {
        metrics = hearing;
        return this;
    }

    public TestProxyOptions memory(MemoryBudgets budgets) {
        memory = budgets;
        return this;
    }

    /** TLS on its listener. Clients connect with {@link RawPeer#secure}. */
    public TestProxyOptions tls(TlsListener listener) {
        tls = null;
        return role(new ListenerRole(listener, null));
    }

    public TestProxyOptions role(ListenerRole value) {
        role = value;
        secured = false;
        return this;
    }

    /** Installs these traps in the calls of the connections. */
    public TestProxyOptions traps(Traps sprung) {
        traps = sprung;
        return this;
    }

    /** TLS to its backends; null for none. */
    public TestProxyOptions backendTls(@Nullable TlsBackend value) {
        backends = value;
        return this;
    }

    Map<String, TlsBackend> secured() {
        return backends == null ? Map.of() : Map.of(StubEndpoints.BACKEND, backends);
    }

    /** Clients use TLS with this context. */
    public TestProxyOptions tls(SslContext context) {
        tls = context;
        role = ListenerRole.PLAIN;
        secured = false;
        return this;
    }

    /** Steps of its access rules before that of the authorization service. */
    public TestProxyOptions steps(AccessPart... further) {
        steps = List.of(further);
        return this;
    }

    /** Query parameters in which another rule expects a credential. */
    public TestProxyOptions secretParameters(String... names) {
        secretParameters = Set.of(names);
        return this;
    }

    /** Decides about its requests, instead of its access rules. */
    public TestProxyOptions gate(AccessGate decides) {
        gate = decides;
        return this;
    }

    public TestProxy start() throws IOException {
        return new TestProxy(this);
    }
}
