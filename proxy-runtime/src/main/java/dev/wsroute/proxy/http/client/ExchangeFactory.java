// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.routing.ActiveRule;

/** Creates the exchange for a routed request. */
public interface ExchangeFactory {

    /**
     * Checks a request before its access rules do, so that limits protect them.
     *
     * @throws RequestRejectedException if the proxy refuses the request
     */
    void admit(DownstreamConnection client, RequestHead head, ActiveRule rule) throws RequestRejectedException;

    /**
     * Creates the exchange for an admitted request.
     *
     * @return an exchange that has not begun
     * @throws RequestRejectedException if the proxy refuses the request
     */
    Exchange create(DownstreamConnection client, RequestHead head, ActiveRule rule, ExchangeRecord record)
            throws RequestRejectedException;
}
