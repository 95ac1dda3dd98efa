// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads X-Forwarded-For from its end, which the nearest proxy wrote. */
final class ForwardedFor {

    private ForwardedFor() {}

    /**
     * The rightmost untrusted address, or the leftmost if all are trusted. What precedes it was written by an untrusted
     * party and is ignored.
     *
     * @param values values of all X-Forwarded-For headers, in order
     * @return null if there is none, or if a part that had to be read is not an address
     */
    static @Nullable InetAddress client(List<String> values, AddressSet trusted) {
        InetAddress nearest = null;
        for (int i = values.size() - 1; i >= 0; i--) {
            String value = values.get(i);
            int end = value.length();
            while (end >= 0) {
                int comma = value.lastIndexOf(',', end - 1);
                InetAddress address = address(value.substring(comma + 1, end).trim());
                if (address == null || !trusted.contains(address)) {
                    return address;
                }
                nearest = address;
                end = comma;
            }
        }
        return nearest;
    }

    /** An address, with or without a port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    static @Nullable InetAddress address(String text) {
        String host = text;
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            if (bracket < 0 || !isPortOrNothing(text, bracket + 1)) {
                return null;
            }
            host = text.substring(1, bracket);
        } else {
            int colon = text.indexOf(':');
            if (colon >= 0 && colon == text.lastIndexOf(':')) {
                if (!isPortOrNothing(text, colon)) {
                    return null;
                }
                host = text.substring(0, colon);
            }
        }
        return literal(host);
    }

    /** Parses an address literal without a zone; null if it is none. Never resolves a name. */
    static @Nullable InetAddress literal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '.' && c != ':' && Character.digit(c, 16) < 0) {
                return null;
            }
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has 4 or 16 bytes", e);
        }
    }

    /** An address as written to headers, without a zone, which is only valid locally. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static boolean isPortOrNothing(String text, int start) {
        if (start == text.length()) {
            return true;
        }
        int digits = text.length() - start - 1;
        return text.charAt(start) == ':'
                && digits >= 1
                && digits <= 5
                && text.substring(start + 1).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
