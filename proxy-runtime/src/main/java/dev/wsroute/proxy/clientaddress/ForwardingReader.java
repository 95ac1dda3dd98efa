// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import dev.wsroute.config.ClientAddressConfig.ForwardingHeaders;
import dev.wsroute.proxy.codec.HostSyntax;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the forwarding headers of a trusted proxy. Unless only Forwarded is enabled, X-Forwarded-* is used if any of
 * these headers is present, else Forwarded: most proxies write one kind and pass on the client's headers of the other
 * kind unchanged (ADR 28).
 */
final class ForwardingReader {

    private static final Set<String> PROTOS = Set.of("http", "https", "ws", "wss");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int MAX_PORT = 65535;

    private static final String FORWARDED = "forwarded";
    private static final String FOR = "x-forwarded-for";
    private static final String PROTO = "x-forwarded-proto";
    private static final String HOST = "x-forwarded-host";
    private static final String X_PORT = "x-forwarded-port";

    private ForwardingReader() {}

    /**
     * @param trusted trusted proxies
     * @param counting which kind of headers is enabled
     */
    static Forwarding read(HttpHeaders headers, AddressSet trusted, ForwardingHeaders counting) {
        List<String> lines = headers.getAll(FORWARDED);
        if (counting == ForwardingHeaders.Forwarded) {
            return lines.isEmpty() ? Forwarding.NONE : ofForwarded(lines, trusted);
        }
        boolean ofTheOtherKind =
                headers.contains(FOR) || headers.contains(PROTO) || headers.contains(HOST) || headers.contains(X_PORT);
        return lines.isEmpty() || ofTheOtherKind
                ? ofXForwarded(headers, trusted, !lines.isEmpty())
                : ofForwarded(lines, trusted);
    }

    private static Forwarding ofXForwarded(HttpHeaders headers, AddressSet trusted, boolean standard) {
        List<String> chain = headers.getAll(FOR);
        InetAddress client = ForwardedFor.client(chain, trusted);
        return new Forwarding(
                client,
                client == null ? null : String.join(", ", chain),
                null,
                standard,
                proto(first(headers, PROTO)),
                host(first(headers, HOST)),
                port(first(headers, X_PORT)));
    }

    /**
     * The chain from the client's element on. What precedes it was written by an untrusted party and is ignored, even
     * if malformed.
     */
    private static Forwarding ofForwarded(List<String> lines, AddressSet trusted) {
        Deque<ForwardedElement> chain = new ArrayDeque<>();
        ForwardedElements fromTheEnd = new ForwardedElements(lines);
        for (String text = fromTheEnd.next(); text != null; text = fromTheEnd.next()) {
            ForwardedElement element = ForwardedElement.parse(text);
            if (element == null) {
                return Forwarding.UNREADABLE;
            }
            chain.addFirst(element);
            InetAddress address = element.address();
            if (address == null || !trusted.contains(address)) {
                break;
            }
        }
        if (chain.isEmpty()) {
            return Forwarding.UNREADABLE;
        }
        return new Forwarding(
                chain.getFirst().address(),
                joined(chain, ForwardedElement::node),
                joined(chain, ForwardedElement::text),
                true,
                firstPresent(chain, ForwardedElement::proto),
                firstPresent(chain, ForwardedElement::host),
                null);
    }

    private static String joined(Deque<ForwardedElement> chain, Function<ForwardedElement, String> part) {
        return chain.stream().map(part).collect(Collectors.joining(", "));
    }

    private static @Nullable String firstPresent(
            Deque<ForwardedElement> chain, Function<ForwardedElement, @Nullable String> part) {
        return chain.stream().map(part).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The first list member, which describes the client, since proxies append. */
    private static @Nullable String first(HttpHeaders headers, String name) {
        String list = headers.get(name);
        if (list == null) {
            return null;
        }
        int comma = list.indexOf(',');
        return (comma < 0 ? list : list.substring(0, comma)).trim();
    }

    /** The scheme in lower case; null if invalid. */
    static @Nullable String proto(@Nullable String text) {
        String proto = text == null ? "" : text.toLowerCase(Locale.ROOT);
        return PROTOS.contains(proto) ? proto : null;
    }

    /** The host; null if invalid. */
    static @Nullable String host(@Nullable String text) {
        return text == null || text.isEmpty() || !HostSyntax.isHost(text) ? null : text;
    }

    private static @Nullable Integer port(@Nullable String text) {
        if (text == null || !PORT.matcher(text).matches()) {
            return null;
        }
        int port = Integer.parseInt(text);
        return port > MAX_PORT ? null : port;
    }
}
