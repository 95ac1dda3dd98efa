// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the resolvers of {@code /etc/resolv.conf}. The JVM's resolver would block a thread for as long as the name server of a tenant's
 * choice likes.
 */
final class DnsLookup implements HostLookup, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DnsLookup.class);

    /** Of one query; several are made if a resolver is silent. */
    private static final Duration QUERY = Duration.ofMillis(2500);

    /** For aliases, both kinds of addresses and a few search domains. */
    private static final int MAX_QUERIES = 12;

    private static final int MAX_ADDRESSES = 16;

    private final DnsNameResolver resolver;

    DnsLookup(EventLoop loop) {
        // Nothing is remembered: fetches are rare, and answers for tenants' names would take memory.
        this.resolver = new DnsNameResolverBuilder(loop)
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .queryTimeoutMillis(QUERY.toMillis())
                .maxQueriesPerResolve(MAX_QUERIES)
                .build();
    }

    @Override
    public void find(String host, boolean absolute, Consumer<List<InetAddress>> answer) {
        resolver.resolveAll(absolute ? host + "." : host).addListener((Future<List<InetAddress>> found) -> {
            if (!found.isSuccess()) {
                LOG.debug("{} cannot be resolved", host, found.cause());
            }
            answer.accept(
                    found.isSuccess()
                            ? found.getNow().stream().limit(MAX_ADDRESSES).toList()
                            : List.of());
        });
    }

    @Override
    public void close() {
        resolver.close();
    }
}
