// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.config.NameValue;
import dev.wsroute.proxy.routing.Grant;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** Applies what the access checks of a request decided to the request, and to the response. */
public final class GrantedHead {

    private GrantedHead() {}

    /** The request that a backend may see, without what the checks removed. */
    public static RequestHead of(RequestHead head, Grant grant) {
        HttpHeaders headers = headers(head.headers(), grant);
        return new RequestHead(
                head.method(),
                head.targetWithout(grant.removedParameters()),
                head.path(),
                head.hostHeader(),
                head.host(),
                headers,
                head.http11(),
                head.keepAlive(),
                head.hasBody(),
                head.clientInfo(),
                head.requestId(),
                head.upgradesToWebSocket(),
                grant);
    }

    private static HttpHeaders headers(HttpHeaders received, Grant grant) {
        boolean same =
                grant.removedHeaders().isEmpty() && grant.removedCookies().isEmpty() && grant.offer() == null;
        if (same) {
            return received;
        }
        HttpHeaders kept = HeaderRules.newHeaders();
        received.iteratorCharSequence().forEachRemaining(header -> {
            if (!isRemoved(header.getKey(), grant)) {
                kept.add(header.getKey(), header.getValue());
            }
        });
        if (!grant.removedCookies().isEmpty()) {
            replace(
                    kept,
                    FieldNames.COOKIE,
                    RequestCookies.without(kept.getAll(HttpHeaderNames.COOKIE), grant.removedCookies()));
        }
        Grant.Offer offer = grant.offer();
        if (offer != null) {
            List<String> offered = offer.left();
            replace(
                    kept,
                    FieldNames.SEC_WEBSOCKET_PROTOCOL,
                    offered.isEmpty() ? List.of() : List.of(String.join(", ", offered)));
        }
        return kept;
    }

    /** CGI-like backends cannot distinguish {@code X_User} from {@code X-User}. */
    private static boolean isRemoved(CharSequence name, Grant grant) {
        for (String removed : grant.removedHeaders()) {
            if (RuleChanges.isAlike(removed, name.toString())) {
                return true;
            }
        }
        return false;
    }

    private static void replace(HttpHeaders headers, CharSequence name, List<String> values) {
        if (values.isEmpty()) {
            headers.remove(name);
        } else {
            headers.set(name, values);
        }
    }

    /** Adds to a request what its checks add. Call after {@link HeaderRules}, and before the changes of the rule. */
    public static void request(Grant grant, HttpHeaders headers) {
        for (NameValue header : grant.requestHeaders()) {
            headers.remove(header.name());
        }
        for (NameValue header : grant.requestHeaders()) {
            headers.add(header.name(), header.value());
        }
    }

    /** Adds the cookies that the checks of a request set to the 101 that answers it. */
    public static void cookies(Grant grant, HttpHeaders headers) {
        for (NameValue header : grant.responseHeaders()) {
            if (HttpHeaderNames.SET_COOKIE.contentEqualsIgnoreCase(header.name())) {
                headers.add(FieldNames.SET_COOKIE, header.value());
            }
        }
    }

    /** Adds to a response what the checks of its request add. Call before the changes of the rule. */
    public static void response(Grant grant, HttpHeaders headers) {
        for (NameValue header : grant.responseHeaders()) {
            if (HttpHeaderNames.SET_COOKIE.contentEqualsIgnoreCase(header.name())) {
                headers.add(header.name(), header.value());
            } else if (!HttpHeaderNames.VARY.contentEqualsIgnoreCase(header.name())) {
                headers.set(header.name(), header.value());
            } else if (!headers.containsValue(HttpHeaderNames.VARY, header.value(), true)) {
                headers.add(header.name(), header.value());
            }
        }
    }
}
