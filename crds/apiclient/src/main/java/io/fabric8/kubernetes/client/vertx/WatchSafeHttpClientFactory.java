// SPDX-License-Identifier: Apache-2.0
package io.fabric8.kubernetes.client.vertx;

/**
 * Makes the HTTP clients of all Kubernetes clients of a program that has this class on its class path: found as a service,
 * preferred to fabric8's own factories.
 */
public final class WatchSafeHttpClientFactory extends VertxHttpClientFactory {

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public VertxHttpClientBuilder<VertxHttpClientFactory> newBuilder() {
        return new WatchSafeHttpClientBuilder<>(this);
    }
}
