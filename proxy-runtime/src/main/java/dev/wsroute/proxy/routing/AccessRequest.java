// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import dev.wsroute.proxy.clientaddress.ClientInfo;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Collection;
import java.util.List;

/** A request as access rules see it. Read only on its connection's event loop. */
public interface AccessRequest extends RequestFacts {

    /** As received. */
    HttpMethod method();

    /** The request target as received, one char per byte. */
    String target();

    /** The request target without all query parameters of these names. */
    String targetWithout(Collection<String> parameters);

    /** The Host header as received; empty if there was none (HTTP/1.0). */
    String hostHeader();

    /** As received. Must not be changed. */
    HttpHeaders headers();

    /** The values of all cookies of this name, in order, without quotes. */
    List<String> cookies(String name);

    /** The client, and what trusted proxies report about it. */
    ClientInfo clientInfo();

    /** The X-Request-Id that the backend gets. */
    String requestId();

    /** Whether the request is a WebSocket handshake. */
    boolean upgradesToWebSocket();
}
