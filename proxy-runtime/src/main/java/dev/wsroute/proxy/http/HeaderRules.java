package dev.wsroute.proxy.http;

import dev.wsroute.proxy.balance.EndpointLease;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers pass a proxy (RFC 9110 §7.6.1), and which ones it adds. */
public final class HeaderRules {

    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "upgrade",
            "http2-settings");

    /** What {@code Connection} can't take away, whoever asks for it: all that routes, frames or names a client. */
    private static final Set<String> NOT_TO_BE_LISTED = Set.of(
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
            "traceparent",
            "tracestate");

    private HeaderRules() {}

    /** The end-to-end headers of a request in their order, with ours behind them. */
    public static HttpHeaders towardsBackend(RequestHead head, int listenerPort) {
        HttpHeaders kept = newHeaders();
        Set<String> listed = listedInConnection(head.headers());
        Iterator<Map.Entry<CharSequence, CharSequence>> all = head.headers().iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            String name = header.getKey().toString().toLowerCase(Locale.ROOT);
            boolean passes = ForwardingHeaders.isOne(name)
                    ? ForwardingHeaders.passes(name, head.origin().trusted())
                    : !HOP_BY_HOP.contains(name) && !listed.contains(name) && !isLookAlike(name);
            if (passes) {
                kept.add(header.getKey(), header.getValue());
            }
        }
        ForwardingHeaders.add(kept, head, listenerPort);
        return kept;
    }

    /** The end-to-end headers of a response in their order. */
    public static HttpHeaders towardsClient(HttpHeaders received) {
        HttpHeaders kept = newHeaders();
        Set<String> listed = listedInConnection(received);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = received.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            String name = header.getKey().toString().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name) && !listed.contains(name)) {
                kept.add(header.getKey(), header.getValue());
            }
        }
        return kept;
    }

    /** Adds the cookie that pins the client, where there is one to be sent. */
    public static void addSession(HttpHeaders towardsClient, EndpointLease lease) {
        String cookie = lease.setCookie();
        if (cookie != null) {
            towardsClient.add(HttpHeaderNames.SET_COOKIE, cookie);
        }
    }

    /** Headers that take what was checked already. */
    static HttpHeaders newHeaders() {
        return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    }

    private static Set<String> listedInConnection(HttpHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
        if (values.isEmpty()
                || (values.size() == 1 && HttpHeaderValues.UPGRADE.contentEqualsIgnoreCase(values.get(0)))) {
            // Upgrade itself is hop by hop anyway.
            return Set.of();
        }
        Set<String> listed = new HashSet<>();
        for (String value : values) {
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
     * Whether CGI-like backends can't tell a header from one that names a client, routes or frames:
     * {@code X_Forwarded_For}.
     */
    private static boolean isLookAlike(String name) {
        if (name.indexOf('_') < 0) {
            return false;
        }
        String meant = name.replace('_', '-');
        return ForwardingHeaders.isOne(meant)
                || meant.startsWith("sec-websocket-")
                || HOP_BY_HOP.contains(meant)
                || NOT_TO_BE_LISTED.contains(meant);
    }
}
