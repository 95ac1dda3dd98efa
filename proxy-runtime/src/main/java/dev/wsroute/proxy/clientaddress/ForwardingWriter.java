// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import dev.wsroute.proxy.codec.HostSyntax;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the forwarding headers for a backend. Both kinds are derived from the same data, so that they never contradict
 * each other.
 */
public final class ForwardingWriter {

    /** Maximum number of elements in Forwarded, which needs far more space per element than X-Forwarded-For. */
    private static final int MOST_ELEMENTS = 64;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private static final Pattern TOKEN = Pattern.compile("[-!#$%&'*+.^_`|~0-9A-Za-z]+");

    private final ClientInfo clientInfo;
    private final Forwarding forwarding;
    private final String peer;
    private final String hostHeader;

    /** @param hostHeader well-formed Host header of the request; empty for none */
    public ForwardingWriter(ClientInfo clientInfo, String hostHeader) {
        this.clientInfo = clientInfo;
        this.forwarding = clientInfo.forwarding();
        this.peer = ForwardedFor.text(clientInfo.peer().getAddress());
        this.hostHeader = hostHeader;
    }

    /** X-Forwarded-For: the chain, followed by the peer. */
    public String chain() {
        return forwarding.chain() == null ? peer : forwarding.chain() + ", " + peer;
    }

    /** X-Forwarded-Proto. */
    public String proto() {
        String proto = forwarding.proto();
        return proto == null ? (clientInfo.secure() ? "https" : "http") : proto;
    }

    /** X-Forwarded-Host, without an invalid port; empty if unknown. */
    public String host() {
        String host = forwarding.host();
        return HostSyntax.withoutVoidPort(host == null ? hostHeader : host);
    }

    /**
     * X-Forwarded-Port. If a proxy in front reports how the client reached it, the port of our listener is irrelevant.
     *
     * @param listener port of our listener
     */
    public int port(int listener) {
        Integer port = forwarding.port();
        if (port != null) {
            return port;
        }
        if (forwarding.proto() == null && forwarding.host() == null && !clientInfo.secure()) {
            return listener;
        }
        return HostSyntax.port(host(), defaultPort());
    }

    /**
     * Forwarded (RFC 7239), written only if a trusted peer sent one: backends that expect the header have such a proxy
     * in front, and others do not need it.
     *
     * @return null for none
     */
    public @Nullable String forwarded() {
        if (!forwarding.standard()) {
            return null;
        }
        String own = "for=" + node(clientInfo.peer().getAddress());
        if (forwarding.elements() != null) {
            return forwarding.elements() + ", " + own;
        }
        String rest = hostPair() + ";proto=" + proto();
        String chain = forwarding.chain();
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

    /** The host pair, with the port unless it is the default. */
    private String hostPair() {
        String host = host();
        if (host.isEmpty()) {
            return "";
        }
        Integer port = forwarding.port();
        boolean addPort = port != null && port != defaultPort() && HostSyntax.port(host, -1) < 0;
        String value = addPort ? host + ":" + port : host;
        return ";host=" + (TOKEN.matcher(value).matches() ? value : "\"" + value + "\"");
    }

    private int defaultPort() {
        return clientInfo.secure() ? HTTPS_PORT : HTTP_PORT;
    }

    /** §6: an IPv6 address is bracketed and quoted. */
    private static String node(@Nullable InetAddress address) {
        if (address == null) {
            return "unknown";
        }
        String text = ForwardedFor.text(address);
        return address instanceof Inet6Address ? "\"[" + text + "]\"" : text;
    }
}
