// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.tls.TlsListener;
import org.jspecify.annotations.Nullable;

/**
 * What the current configuration says about a listener. New connections use its TLS; each request uses its redirect.
 *
 * @param tls null for a plain listener
 * @param redirectPort port of the TLS listener to which all requests are redirected; null for none
 */
public record ListenerRole(
        @Nullable TlsListener tls, @Nullable Integer redirectPort) {

    /** A listener without TLS that serves requests. */
    public static final ListenerRole PLAIN = new ListenerRole(null, null);
}
