// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.drain;

import org.jspecify.annotations.Nullable;

/**
 * An open connection, as the {@code /connections} page shows it.
 *
 * @param id the X-Request-Id of its handshake
 * @param route {@code namespace/name}
 * @param client the client's address, as trusted proxies report it
 * @param subject who the client is, as access rules found out; null if unknown
 * @param issuer who says so; null likewise
 * @param endpoint address and port
 * @param ageSeconds since the request head
 * @param bytesIn from the client, frame headers included; like all counts, may be slightly out of date
 * @param bytesOut from the backend
 */
public record ConnectionView(
        String id,
        String route,
        String rule,
        String backend,
        String client,
        @Nullable String subject,
        @Nullable String issuer,
        String endpoint,
        long ageSeconds,
        long messagesIn,
        long bytesIn,
        long messagesOut,
        long bytesOut) {}
