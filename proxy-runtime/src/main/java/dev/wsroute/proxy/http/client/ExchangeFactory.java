package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.request.RequestRejectedException;
import dev.wsroute.proxy.routing.ActiveRule;

/** Decides what becomes of a routed request. */
@FunctionalInterface
public interface ExchangeFactory {

    /**
     * @return not yet begun
     * @throws RequestRejectedException when the proxy answers the request itself
     */
    Exchange create(ClientConnection client, RequestHead head, ActiveRule rule, ExchangeRecord record)
            throws RequestRejectedException;
}
