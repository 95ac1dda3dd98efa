package dev.wsroute.proxy.origin;

import dev.wsroute.proxy.codec.HostSyntax;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a backend is told of where a request comes from, in both kinds of headers. They never contradict each other:
 * what one says is made of what the other says.
 */
public final class ForwardingWriter {

    /** So many of a chain are told in Forwarded, which takes far more room for each than X-Forwarded-For. */
    private static final int MOST_ELEMENTS = 64;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");

    private final Origin origin;
    private final Forwarding told;
    private final String peer;
    private final String hostHeader;

    /** @param hostHeader of the request, well-formed; empty when there was none */
    public ForwardingWriter(Origin origin, String hostHeader) {
        this.origin = origin;
        this.told = origin.forwarding();
        this.peer = ForwardedFor.text(origin.peer().getAddress());
        this.hostHeader = hostHeader;
    }

    /** X-Forwarded-For: the chain, with the peer behind it. */
    public String chain() {
        return told.chain() == null ? peer : told.chain() + ", " + peer;
    }

    /** X-Forwarded-Proto. */
    public String proto() {
        String proto = told.proto();
        return proto == null ? (origin.secure() ? "https" : "http") : proto;
    }

    /** X-Forwarded-Host, without a port that there cannot be; empty when it is not known. */
    public String host() {
        String host = told.host();
        return HostSyntax.withoutVoidPort(host == null ? hostHeader : host);
    }

    /**
     * X-Forwarded-Port. Where a proxy in front says how the client reached it, the client never saw the port of ours.
     *
     * @param listener that the request came to
     */
    public int port(int listener) {
        Integer port = told.port();
        if (port != null) {
            return port;
        }
        if (told.proto() == null && told.host() == null && !origin.secure()) {
            return listener;
        }
        return HostSyntax.port(host(), defaultPort());
    }

    /**
     * Forwarded (RFC 7239). Only where a trusted peer sent one: backends that know nothing of the header are spared it, and
     * those that do have a proxy in front that speaks it.
     *
     * @return null for none
     */
    public @Nullable String forwarded() {
        if (!told.standard()) {
            return null;
        }
        String own = "for=" + node(origin.peer().getAddress());
        if (told.elements() != null) {
            return told.elements() + ", " + own;
        }
        String rest = hostPair() + ";proto=" + proto();
        String chain = told.chain();
        if (chain == null) {
            return own + rest;
        }
        String before = lastMembers(chain).stream()
                .map(member -> "for=" + node(ForwardedFor.address(member)) + rest)
                .collect(Collectors.joining(", "));
        return before + ", " + own;
    }

    private static List<String> lastMembers(String chain) {
        List<String> members = Stream.of(chain.split(","))
                .map(String::trim)
                .filter(member -> !member.isEmpty())
                .toList();
        return members.subList(Math.max(0, members.size() - MOST_ELEMENTS), members.size());
    }

    /** With the port, where the client cannot have left it out. */
    private String hostPair() {
        String host = host();
        if (host.isEmpty()) {
            return "";
        }
        Integer port = told.port();
        boolean unsaid = port != null && port != defaultPort() && HostSyntax.port(host, -1) < 0;
        String value = unsaid ? host + ":" + port : host;
        return ";host=" + (TOKEN.matcher(value).matches() ? value : "\"" + value + "\"");
    }

    private int defaultPort() {
        return origin.secure() ? HTTPS_PORT : HTTP_PORT;
    }

    /** §6: an IPv6 address is in brackets, and these in quotes. */
    private static String node(@Nullable InetAddress address) {
        if (address == null) {
            return "unknown";
        }
        String text = ForwardedFor.text(address);
        return address instanceof Inet6Address ? "\"[" + text + "]\"" : text;
    }
}
