// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Why proxies do not connect to an endpoint of an EndpointSlice: it has no TCP port, or its address leads to the proxy's own
 * machine, to its node or nowhere (RFC 6890; https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/ allows none
 * of them). Users may write slices by hand, including users who cannot reach these addresses themselves.
 */
public enum UnusableEndpoint {
    /** The slice has host names ({@code addressType: FQDN}). */
    FQDN("host names"),
    /** It is not an IP address. */
    NONE("no IP address"),
    /** 0.0.0.0/8 and ::, which lead to the proxy's own machine. */
    UNSPECIFIED("unspecified addresses"),
    /** 127.0.0.0/8 and ::1. */
    LOOPBACK("loopback addresses"),
    /** 169.254.0.0/16 and fe80::/10, which include metadata services of clouds, and the metadata service in fd00:ec2::/32. */
    LINK_LOCAL("link-local addresses"),
    /** 224.0.0.0/4 and ff00::/8. */
    MULTICAST("multicast addresses"),
    /** 240.0.0.0/4, including the broadcast address. */
    RESERVED("reserved addresses"),
    /** The protocol of the port is not TCP. */
    NOT_TCP("ports that are not TCP"),
    /** The port has no number, which means all ports of the endpoint. */
    NO_PORT_NUMBER("ports without a number"),
    /** One of {@link ProxyPorts}: proxies would expose what is for their own machine only. */
    PROXY_PORT("the proxies' own ports"),
    /** The proxy itself, or another proxy of its route. */
    OWN_POD("the route's own proxies");

    private static final int IPV4_BYTES = 4;
    private static final int MAX_PORT = 65_535;

    private final String plural;

    UnusableEndpoint(String plural) {
        this.plural = plural;
    }

    /** Plural for messages, such as {@code link-local addresses}. */
    public String plural() {
        return plural;
    }

    /**
     * Checks a port of a slice.
     *
     * @param number null for all ports
     * @param protocol null for TCP
     * @return null if the port can be used
     */
    static @Nullable UnusableEndpoint ofPort(@Nullable Integer number, @Nullable String protocol) {
        if (protocol != null && !protocol.equals("TCP")) {
            return NOT_TCP;
        }
        if (number == null || number < 1 || number > MAX_PORT) {
            return NO_PORT_NUMBER;
        }
        return ProxyPorts.isReserved(number) ? PROXY_PORT : null;
    }

    /**
     * Checks an address of a slice.
     *
     * @param addressType of the slice; null if unknown
     * @param loopback whether loopback addresses are usable, as in a cluster on one machine
     * @return null if the address can be used
     */
    public static @Nullable UnusableEndpoint of(
            @Nullable String addressType, @Nullable String address, boolean loopback) {
        if ("FQDN".equals(addressType)) {
            return FQDN;
        }
        InetAddress parsed = address == null ? null : IpAddresses.parse(address);
        if (parsed == null) {
            return NONE;
        }
        byte[] bytes = parsed.getAddress();
        UnusableEndpoint fault = bytes.length == IPV4_BYTES ? ofIpv4(bytes) : ofIpv6(parsed, bytes);
        return fault == LOOPBACK && loopback ? null : fault;
    }

    private static @Nullable UnusableEndpoint ofIpv4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        if (first == 0) {
            return UNSPECIFIED;
        }
        if (first == 127) {
            return LOOPBACK;
        }
        if (first == 169 && (bytes[1] & 0xff) == 254) {
            return LINK_LOCAL;
        }
        return first < 224 ? null : first < 240 ? MULTICAST : RESERVED;
    }

    private static @Nullable UnusableEndpoint ofIpv6(InetAddress address, byte[] bytes) {
        if (address.isAnyLocalAddress()) {
            return UNSPECIFIED;
        }
        if (address.isLoopbackAddress()) {
            return LOOPBACK;
        }
        if (address.isMulticastAddress()) {
            return MULTICAST;
        }
        if (address.isLinkLocalAddress() || startsWith(bytes, 0xfd, 0x00, 0x0e, 0xc2)) {
            return LINK_LOCAL;
        }
        byte[] embedded = embedded(bytes);
        return embedded == null ? null : ofIpv4(embedded);
    }

    /** The embedded IPv4 address: IPv4-compatible (RFC 4291 §2.5.5.1), NAT64 (RFC 6052 §2.1) or 6to4 (RFC 3056 §2). */
    private static byte @Nullable [] embedded(byte[] bytes) {
        if (startsWith(bytes, new int[12]) || startsWith(bytes, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
            return Arrays.copyOfRange(bytes, 12, 16);
        }
        return startsWith(bytes, 0x20, 0x02) ? Arrays.copyOfRange(bytes, 2, 6) : null;
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
