// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.access;

import dev.wsroute.config.AccessConfig.ClientAddresses;
import dev.wsroute.proxy.clientaddress.AddressSet;
import dev.wsroute.proxy.metrics.RefusalReason;
import dev.wsroute.proxy.routing.AccessRequest;
import dev.wsroute.proxy.routing.Denial;
import dev.wsroute.proxy.routing.Grant;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Refuses clients by their address, as trusted proxies report it. */
final class AddressStep implements AccessStep {

    private static final Denial DENIED = Denial.of(
            RefusalReason.ADDRESS_DENIED, HttpResponseStatus.FORBIDDEN.code(), "This address may not connect.");

    private final AddressSet allow;
    private final boolean allowsAll;
    private final AddressSet deny;

    AddressStep(ClientAddresses config) {
        allow = AddressSet.of(config.allow());
        allowsAll = config.allow().isEmpty();
        deny = AddressSet.of(config.deny());
    }

    @Override
    public void check(AccessRequest request, Grant grant, EventLoop loop, Consumer<@Nullable Denial> next) {
        boolean denied =
                deny.contains(request.clientAddress()) || (!allowsAll && !allow.contains(request.clientAddress()));
        next.accept(denied ? DENIED : null);
    }
}
