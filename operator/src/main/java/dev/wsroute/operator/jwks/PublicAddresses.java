// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are on the Internet for everybody: those that IANA's registries of special-purpose addresses
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry) do not reserve for anything else, and no
 * cloud uses for its own services.
 */
final class PublicAddresses {

    private static final List<Range> RESERVED = Stream.of(
                    "0.0.0.0/8", // this network
                    "10.0.0.0/8", // private
                    "100.64.0.0/10", // carrier-grade NAT; some clouds have metadata services there
                    "127.0.0.0/8", // loopback
                    "168.63.129.16/32", // the platform of Azure, for each of its virtual machines
                    "169.254.0.0/16", // link-local, with the metadata services of clouds
                    "172.16.0.0/12", // private
                    "192.0.0.0/24", // protocol assignments
                    "192.0.2.0/24", // documentation
                    "192.31.196.0/24", // AS112
                    "192.52.193.0/24", // AMT
                    "192.88.99.0/24", // 6to4 relays
                    "192.168.0.0/16", // private
                    "192.175.48.0/24", // AS112
                    "198.18.0.0/15", // benchmarks
                    "198.51.100.0/24", // documentation
                    "203.0.113.0/24", // documentation
                    "224.0.0.0/3") // multicast, reserved, broadcast
            .map(Range::of)
            .toList();

    /** 2000::/3 is all that IANA has assigned as global unicast. */
    private static final Range GLOBAL_UNICAST = Range.of("2000::/3");

    private static final List<Range> RESERVED_IN_IT = Stream.of(
                    "2001::/23", // protocol assignments, with Teredo and ORCHID
                    "2001:db8::/32", // documentation
                    "2002::/16", // 6to4, which leads to any IPv4 address
                    "2620:4f:8000::/48", // AS112
                    "3fff::/20") // documentation
            .map(Range::of)
            .toList();

    /** Translators take the last four bytes for an IPv4 address (RFC 6052 §2.1). Resolvers of clusters without IPv4 make these. */
    private static final Range NAT64 = Range.of("64:ff9b::/96");

    private static final int IPV4_BYTES = 4;

    private PublicAddresses() {}

    /** IPv4-mapped addresses never arrive here: {@link InetAddress} makes IPv4 addresses of them. */
    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_BYTES) {
            return isPublicIpv4(bytes);
        }
        if (NAT64.contains(bytes)) {
            return isPublicIpv4(Arrays.copyOfRange(bytes, bytes.length - IPV4_BYTES, bytes.length));
        }
        return GLOBAL_UNICAST.contains(bytes) && RESERVED_IN_IT.stream().noneMatch(range -> range.contains(bytes));
    }

    private static boolean isPublicIpv4(byte[] bytes) {
        return RESERVED.stream().noneMatch(range -> range.contains(bytes));
    }

    private static final class Range {

        private final byte[] prefix;
        private final int bits;

        private Range(byte[] prefix, int bits) {
            this.prefix = prefix;
            this.bits = bits;
        }

        static Range of(String text) {
            int slash = text.indexOf('/');
            return new Range(
                    InetAddresses.parse(text.substring(0, slash)).getAddress(),
                    Integer.parseInt(text.substring(slash + 1)));
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int i = 0; i < bits; i++) {
                int mask = 0x80 >> (i % Byte.SIZE);
                if (((address[i / Byte.SIZE] ^ prefix[i / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
