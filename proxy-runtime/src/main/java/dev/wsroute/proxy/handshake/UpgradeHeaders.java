// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.handshake;

import dev.wsroute.proxy.http.client.DownstreamConnection;
import dev.wsroute.proxy.http.headers.FieldNames;
import dev.wsroute.proxy.http.headers.GrantedHead;
import dev.wsroute.proxy.http.headers.HeaderRules;
import dev.wsroute.proxy.http.headers.RequestHead;
import dev.wsroute.proxy.http.headers.RuleChanges;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** The two messages of a handshake as the proxy sends them (RFC 6455 §4). */
final class UpgradeHeaders {

    private UpgradeHeaders() {}

    /** The request to the backend. */
    static HttpRequest request(DownstreamConnection client, RequestHead head, ActiveRule rule) {
        HttpHeaders headers = HeaderRules.towardsBackend(head, client.localPort());
        GrantedHead.request(head.grant(), headers);
        RuleChanges.request(rule, headers);
        HeaderRules.setCertificate(headers, head.clientInfo());
        client.markPassage(headers);
        upgrade(headers);
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, head.method(), rule.rewrite().target(head.target(), head.path()), headers);
    }

    /**
     * The header of the 101 to the client.
     *
     * @param received header of the backend's 101
     * @param grant says what to answer if the backend selected no subprotocol
     * @param endpoint named by the session cookie, if the rule has one
     */
    static HttpHeaders switching(HttpHeaders received, Grant grant, ActiveRule rule, EndpointLease endpoint) {
        HttpHeaders headers = HeaderRules.towardsClient(received);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        GrantedHead.cookies(grant, headers);
        RuleChanges.response(rule, headers);
        Grant.Offer offer = grant.offer();
        if (offer != null && offer.answer() != null && !headers.contains(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            // Browsers give up if they offered subprotocols and none is selected.
            headers.set(FieldNames.SEC_WEBSOCKET_PROTOCOL, offer.answer());
        }
        upgrade(headers);
        HeaderRules.addSession(headers, endpoint);
        return headers;
    }

    private static void upgrade(HttpHeaders headers) {
        headers.set(FieldNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        headers.set(FieldNames.CONNECTION, FieldNames.CONNECTION_UPGRADE);
    }
}
