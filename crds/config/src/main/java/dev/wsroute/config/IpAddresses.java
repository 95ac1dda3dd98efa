// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses IP addresses without ever resolving a host name. */
public final class IpAddresses {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PREFIX_LENGTH = Pattern.compile("0|[1-9]\\d{0,2}");

    private IpAddresses() {}

    /** Whether {@code text} is an address without zone. */
    public static boolean isAddress(String text) {
        return parse(text) != null;
    }

    /** Whether {@code text} is an address or a CIDR range such as 10.0.0.0/8. */
    static boolean isAddressOrRange(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int bits = IPV4.matcher(address).matches() ? 32 : isIpv6(address) ? 128 : -1;
        String length = text.substring(slash + 1);
        return bits > 0 && (slash < 0 || (PREFIX_LENGTH.matcher(length).matches() && Integer.parseInt(length) <= bits));
    }

    /** Parses an address without zone; null for anything else. */
    static @Nullable InetAddress parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException malformed) {
            return null;
        }
    }

    /** Whether {@code text} is an IPv6 address without zone. An IPv4-mapped address is not one. */
    static boolean isIpv6(String text) {
        return parse(text) instanceof Inet6Address;
    }
}
