// SPDX-License-Identifier: Apache-2.0
package io.fabric8.kubernetes.client.vertx;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.spi.resolver.ResolverProvider;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Builds {@link WatchSafeHttpClient}s, also those that are derived from one. */
final class WatchSafeHttpClientBuilder<F extends HttpClient.Factory> extends VertxHttpClientBuilder<F> {

    /** Events arrive in order on one thread for each connection; a second one serves while the first is busy. */
    private static final int EVENT_LOOPS = 2;

    /** A builder of a client with a Vert.x of its own, which ends with it. */
    WatchSafeHttpClientBuilder(F factory) {
        this(factory, newVertx());
    }

    private WatchSafeHttpClientBuilder(F factory, Vertx vertx) {
        super(factory, vertx, true);
    }

    private static Vertx newVertx() {
        // As fabric8 does: names are resolved by the JVM. Vert.x takes this from nowhere else.
        System.setProperty(ResolverProvider.DISABLE_DNS_RESOLVER_PROP_NAME, "true");
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS)
                .setUseDaemonThread(true)
                // The check warns when a loop waits for the processor, as it does on a busy node.
                .setBlockedThreadCheckIntervalUnit(TimeUnit.DAYS)
                .setBlockedThreadCheckInterval(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    @Override
    public VertxHttpClient<F> build() {
        AtomicBoolean closed = client == null ? new AtomicBoolean() : client.getClosed();
        return new WatchSafeHttpClient<>(this, closed, super.build().getClient());
    }

    @Override
    protected VertxHttpClientBuilder<F> newInstance(F factory) {
        return new WatchSafeHttpClientBuilder<>(factory, vertx);
    }
}
