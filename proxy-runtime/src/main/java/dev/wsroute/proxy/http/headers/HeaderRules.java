// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.headers;

import dev.wsroute.proxy.clientaddress.CheckedCertificate;
import dev.wsroute.proxy.clientaddress.ClientInfo;
import dev.wsroute.proxy.routing.EndpointLease;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides which headers are forwarded (RFC 9110 §7.6.1), and adds the proxy's own. */
public final class HeaderRules {

    private static final HeaderNames HOP_BY_HOP = HeaderNames.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "upgrade",
            "http2-settings");

    /** Headers that {@code Connection} cannot remove: those that route, frame or identify a client. */
    private static final HeaderNames NOT_TO_BE_LISTED = HeaderNames.of(
            "host",
            "content-length",
            "transfer-encoding",
            "trailer",
            "authorization",
            "cookie",
            "origin",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-protocol",
            "sec-websocket-extensions",
            "sec-websocket-accept",
            "cdn-loop",
            "via",
            "traceparent",
            "tracestate");

    /** Names that pass every rule but {@code Connection}: one look-up instead of seven for most headers of a request. */
    private static final HeaderNames ORDINARY = HeaderNames.of(Stream.of(
                    "host",
                    "sec-websocket-key",
                    "sec-websocket-version",
                    "sec-websocket-extensions",
                    "sec-websocket-protocol",
                    "origin",
                    "cookie",
                    "user-agent",
                    "accept",
                    "accept-encoding",
                    "accept-language",
                    "cache-control",
                    "pragma",
                    "authorization")
            .filter(HeaderRules::isOrdinary)
            .toList());

    private static final HttpHeadersFactory UNCHECKED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private HeaderRules() {}

    /** The value of a header that must occur exactly once; else null. */
    public static @Nullable String single(HttpHeaders headers, CharSequence name) {
        Iterator<String> values = headers.valueStringIterator(name);
        if (!values.hasNext()) {
            return null;
        }
        String value = values.next();
        return values.hasNext() ? null : value;
    }

    /** The end-to-end headers of a request in order, followed by the proxy's own. */
    public static HttpHeaders towardsBackend(RequestHead head, int listenerPort) {
        HttpHeaders kept = endToEnd(head.headers(), head.clientInfo());
        ForwardingHeaderRules.add(kept, head, listenerPort);
        return kept;
    }

    /**
     * Sets the verified client certificate. A listener that asks for certificates passes on no other claim. Call after all changes of a
     * rule.
     */
    public static void setCertificate(HttpHeaders forwarded, ClientInfo clientInfo) {
        CheckedCertificate checked = clientInfo.certificate();
        if (checked != null) {
            forwarded.remove(FieldNames.X_FORWARDED_CLIENT_CERT);
            String certificate = checked.forwarded();
            if (certificate != null) {
                forwarded.add(FieldNames.X_FORWARDED_CLIENT_CERT, certificate);
            }
        }
    }

    /** The end-to-end headers of a request in order, without those that describe its client unless a trusted peer sent them. */
    public static HttpHeaders endToEnd(HttpHeaders received, ClientInfo clientInfo) {
        HttpHeaders kept = newHeaders();
        Set<String> listed = listedInConnection(received);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = received.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            CharSequence name = header.getKey();
            if (ORDINARY.contains(name) ? !isListed(name, listed) : passes(name, clientInfo, listed)) {
                kept.add(name, header.getValue());
            }
        }
        return kept;
    }

    private static boolean passes(CharSequence name, ClientInfo clientInfo, Set<String> listed) {
        boolean passes = ForwardingHeaderRules.isForwardingHeader(name)
                ? ForwardingHeaderRules.passes(name, clientInfo)
                : isEndToEnd(name, listed) && !ForwardingHeaderRules.isNeverForwarded(name);
        // Look-alikes such as X-Forwarded_For are dropped even from trusted peers.
        return passes && !isLookAlike(name);
    }

    private static boolean isOrdinary(CharSequence name) {
        return !ForwardingHeaderRules.isForwardingHeader(name)
                && isEndToEnd(name, Set.of())
                && !ForwardingHeaderRules.isNeverForwarded(name)
                && !isLookAlike(name);
    }

    /** The end-to-end headers of a response in order. */
    public static HttpHeaders towardsClient(HttpHeaders received) {
        HttpHeaders kept = newHeaders();
        Set<String> listed = listedInConnection(received);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = received.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            CharSequence name = header.getKey();
            if (isEndToEnd(name, listed)) {
                kept.add(name, header.getValue());
            }
        }
        return kept;
    }

    /** Adds the session cookie, if there is one to send. */
    public static void addSession(HttpHeaders towardsClient, EndpointLease lease) {
        String cookie = lease.setCookie();
        if (cookie != null) {
            towardsClient.add(FieldNames.SET_COOKIE, cookie);
        }
    }

    /** Headers without validation, for values that are already checked. */
    public static HttpHeaders newHeaders() {
        return UNCHECKED.newHeaders();
    }

    /** @param listed names in lower case */
    static boolean isEndToEnd(CharSequence name, Set<String> listed) {
        return !HOP_BY_HOP.contains(name) && !isListed(name, listed);
    }

    private static boolean isListed(CharSequence name, Set<String> listed) {
        return !listed.isEmpty() && listed.contains(lowerCase(name));
    }

    /** The headers that {@code Connection} lists, in lower case. */
    static Set<String> listedInConnection(HttpHeaders headers) {
        String only = single(headers, HttpHeaderNames.CONNECTION);
        if (only != null
                ? HttpHeaderValues.UPGRADE.contentEqualsIgnoreCase(only)
                : !headers.contains(HttpHeaderNames.CONNECTION)) {
            // Upgrade is a hop-by-hop header anyway.
            return Set.of();
        }
        Set<String> listed = new HashSet<>();
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String option : value.split(",", -1)) {
                String name = option.trim().toLowerCase(Locale.ROOT);
                if (!NOT_TO_BE_LISTED.contains(name)) {
                    listed.add(name);
                }
            }
        }
        return listed;
    }

    /**
     * Whether a backend may confuse a header with one that identifies a client, routes or frames, such as {@code
     * X_Forwarded_For}.
     */
    static boolean isLookAlike(CharSequence name) {
        if (!HeaderNames.isOdd(name)) {
            return false;
        }
        String meant = HeaderNames.folded(name);
        return ForwardingHeaderRules.isForwardingHeader(meant)
                || ForwardingHeaderRules.isNeverForwarded(meant)
                || meant.startsWith("sec-websocket-")
                || HOP_BY_HOP.contains(meant)
                || NOT_TO_BE_LISTED.contains(meant);
    }

    private static String lowerCase(CharSequence name) {
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
