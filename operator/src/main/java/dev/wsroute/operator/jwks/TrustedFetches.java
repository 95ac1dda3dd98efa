// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import dev.wsroute.operator.compile.JwksUri;
import dev.wsroute.operator.compile.KeySetSource;
import dev.wsroute.operator.compile.KeySetSource.Authorities;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fetches over the network: one event loop, threads that read authorities from the API, and threads that verify certificates. */
final class TrustedFetches implements KeySets.Fetches, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrustedFetches.class);
    private static final String NAME = "key-sets";
    private static final int READERS = 2;
    private static final int VERIFIERS = 4;

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(NAME, true), NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final DnsLookup lookup = new DnsLookup(loop);
    private final ThreadPoolExecutor readers = pool("authorities", READERS);
    /** Apart from the readers, which may wait for the API. */
    private final ThreadPoolExecutor verifiers = pool("verification", VERIFIERS);

    private final TrustReader trust;
    private final KeySetFetcher fetcher;
    private final SslContext system;

    TrustedFetches(KubernetesClient client, AllowedHosts allowed) {
        this.trust = new TrustReader(client);
        this.fetcher = new KeySetFetcher(loop, lookup, allowed, verifiers, KeySetFetcher.DEADLINE);
        try {
            this.system = Trust.ofSystem();
        } catch (SSLException e) {
            throw new IllegalStateException("The Java runtime has no TLS", e);
        }
    }

    private static ThreadPoolExecutor pool(String what, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                1,
                TimeUnit.MINUTES,
                // A fetch has one task at a time.
                new ArrayBlockingQueue<>(FetchSlots.ALL),
                new DefaultThreadFactory(NAME + "-" + what, true));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Where fetches end. */
    EventLoop loop() {
        return loop;
    }

    @Override
    public void fetch(KeySetSource source, Consumer<FetchOutcome> done) {
        JwksUri uri = JwksUri.of(source.uri()).orElse(null);
        Authorities authorities = source.authorities();
        if (uri == null) {
            // The compiler has checked it.
            loop.execute(() -> done.accept(new Failed(Reason.FORBIDDEN, "this is no URI of a key set")));
        } else if (authorities == null) {
            fetcher.fetch(uri, system, done);
        } else {
            try {
                readers.execute(() -> read(uri, authorities, done));
            } catch (RejectedExecutionException e) {
                LOG.debug("Too many fetches, or the operator stops", e);
                endOnLoop(done, new Failed(Reason.TLS, "the authorities cannot be read now"));
            }
        }
    }

    private void read(JwksUri uri, Authorities authorities, Consumer<FetchOutcome> done) {
        SslContext context;
        try {
            context = trust.read(authorities);
        } catch (TrustReader.NoTrustException e) {
            endOnLoop(done, new Failed(Reason.TLS, String.valueOf(e.getMessage())));
            return;
        } catch (RuntimeException e) {
            LOG.warn("The authorities of a key set cannot be read", e);
            endOnLoop(done, new Failed(Reason.TLS, "the authorities cannot be read now"));
            return;
        }
        fetcher.fetch(uri, context, done);
    }

    private void endOnLoop(Consumer<FetchOutcome> done, FetchOutcome outcome) {
        ((Executor) loop).execute(() -> done.accept(outcome));
    }

    @Override
    public void close() {
        readers.shutdownNow();
        verifiers.shutdownNow();
        loop.execute(lookup::close);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
