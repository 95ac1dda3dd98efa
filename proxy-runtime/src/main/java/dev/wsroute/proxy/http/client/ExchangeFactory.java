// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.routing.ActiveRule;

/** Creates the exchange for a routed request. */
@FunctionalInterface
public interface ExchangeFactory {

    /**
     * @return an exchange that has not begun
     * @throws RequestRejectedException if the proxy refuses the request
     */
    Exchange create(DownstreamConnection client, RequestHead head, ActiveRule rule, ExchangeRecord record)
            throws RequestRejectedException;
}
