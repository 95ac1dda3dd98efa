package dev.wsroute.proxy.http;

import dev.wsroute.proxy.origin.ForwardedProto;
import dev.wsroute.proxy.origin.Origin;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a backend is told about where a request comes from: X-Forwarded-For, -Proto, -Host, -Port and X-Request-Id. What a
 * trusted peer says of these is kept, and the peer added to the chain; what anybody else says is replaced.
 */
final class ForwardingHeaders {

    private static final String PREFIX = "x-forwarded-";
    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";

    /** Written anew by {@link #add}, whoever sent them. */
    private static final HeaderNames OURS = HeaderNames.of(
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-request-id");

    /** By which frameworks let themselves be told of a client, too. */
    private static final HeaderNames CLIENT_NAMES =
            HeaderNames.of("forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "x-cluster-client-ip");

    private static final Pattern PORT_NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

    private ForwardingHeaders() {}

    /** Whether a header names the client, or a proxy before us. */
    static boolean isOne(CharSequence name) {
        return AsciiString.regionMatches(name, true, 0, PREFIX, 0, PREFIX.length())
                || OURS.contains(name)
                || CLIENT_NAMES.contains(name);
    }

    /** Whether such a header is passed on as it came. */
    static boolean passes(CharSequence name, boolean trusted) {
        return trusted && !OURS.contains(name);
    }

    /** Adds ours to what goes to the backend. */
    static void add(HttpHeaders kept, RequestHead head, int listenerPort) {
        Origin origin = head.origin();
        HttpHeaders received = head.headers();
        boolean trusted = origin.trusted();
        String peer = origin.peer().getAddress().getHostAddress();
        String chain = trusted ? chain(received.getAll(FOR), origin) : null;
        kept.add(FOR, chain == null ? peer : chain + ", " + peer);
        String proto = trusted ? ForwardedProto.of(received) : null;
        kept.add(PROTO, proto == null ? (origin.secure() ? "https" : "http") : proto);
        String host = trusted ? sane(received, HOST, RequestCheck::isHost) : null;
        if (host != null || !head.hostHeader().isEmpty()) {
            kept.add(HOST, host == null ? head.hostHeader() : host);
        }
        String port = trusted ? sane(received, PORT, PORT_NUMBER.asMatchPredicate()) : null;
        kept.add(PORT, port == null ? Integer.toString(listenerPort) : port);
        kept.add(RequestId.HEADER, head.requestId());
    }

    /** What came, unless it could not be read as far as needed: then the client was taken to be the peer. */
    private static @Nullable String chain(List<String> values, Origin origin) {
        String peer = origin.peer().getAddress().getHostAddress();
        if (values.isEmpty() || origin.client().getHostAddress().equals(peer)) {
            return null;
        }
        return String.join(", ", values);
    }

    private static @Nullable String sane(HttpHeaders headers, String name, Predicate<String> form) {
        String value = HeaderRules.single(headers, name);
        return value != null && form.test(value) ? value : null;
    }
}
