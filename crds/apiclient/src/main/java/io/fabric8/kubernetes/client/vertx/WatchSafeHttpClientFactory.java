// SPDX-License-Identifier: Apache-2.0
package io.fabric8.kubernetes.client.vertx;

import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;

/**
 * Makes the HTTP clients of all Kubernetes clients of a program that has this class on its class path: found as a service,
 * preferred to fabric8's own factories.
 */
public final class WatchSafeHttpClientFactory extends VertxHttpClientFactory {

    /**
     * A watch is silent for little more than a minute where things change, since API servers send bookmarks. A connection that
     * vanished without an end is silent for ever, and nobody else would notice: fabric8 sends no pings.
     */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

    private final Duration longestSilence;

    /** For {@link java.util.ServiceLoader}. */
    public WatchSafeHttpClientFactory() {
        this(LONGEST_SILENCE);
    }

    /** @param longestSilence after which a connection that should bring something is closed, in whole seconds */
    WatchSafeHttpClientFactory(Duration longestSilence) {
        this.longestSilence = longestSilence;
    }

    @Override
    protected void additionalConfig(WebClientOptions options) {
        // The unit is seconds, set by the superclass. Requests have shorter timeouts of their own.
        options.setReadIdleTimeout(Math.toIntExact(longestSilence.toSeconds()));
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public VertxHttpClientBuilder<VertxHttpClientFactory> newBuilder() {
        return new WatchSafeHttpClientBuilder<>(this);
    }
}
