// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.operator.compile.Compilation.Compiled;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the proxies of a route share in Secrets.
 *
 * @param sessionKey of session cookies; null if the route has never needed one
 * @param ticketKeys of TLS session tickets; null if no listener issues them
 */
public record SharedSecrets(
        @Nullable SessionKeyValue sessionKey, @Nullable TicketKeysValue ticketKeys) {

    /** Those that the API has, and new ones where the route needs them and has no valid ones. */
    public static SharedSecrets of(
            WebSocketRoute route,
            Compiled compiled,
            OwnershipCheck ownership,
            Context<WebSocketRoute> context,
            Instant now) {
        return new SharedSecrets(
                ProxySessionKey.valueFor(route, compiled, ownership, context).orElse(null),
                ProxyTicketKeys.valueFor(route, compiled, ownership, context, now)
                        .orElse(null));
    }
}
