// SPDX-License-Identifier: Apache-2.0
package io.fabric8.kubernetes.client.vertx;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;

/** Builds {@link WatchSafeHttpClient}s, also those that are derived from one. */
final class WatchSafeHttpClientBuilder<F extends HttpClient.Factory> extends VertxHttpClientBuilder<F> {

    /** A builder of a client with a Vert.x of its own. */
    WatchSafeHttpClientBuilder(F factory) {
        super(factory, null);
    }

    private WatchSafeHttpClientBuilder(F factory, Vertx vertx) {
        super(factory, vertx, true);
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
