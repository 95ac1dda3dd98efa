// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** A set of IP addresses and ranges. An IPv4-mapped IPv6 address ({@code ::ffff:10.0.0.1}) counts as IPv4. */
public final class AddressSet {

    /** The empty set. */
    public static final AddressSet EMPTY = new AddressSet(List.of());

    private final List<Range> v4;
    private final List<Range> v6;

    /** Network bits in two words. An IPv4 address uses the upper half of the first. */
    private record Range(long high, long highMask, long low, long lowMask) {

        static Range of(byte[] address, int prefix) {
            long highMask = mask(Math.min(prefix, 64));
            long lowMask = mask(Math.max(0, prefix - 64));
            return new Range(firstWord(address) & highMask, highMask, secondWord(address) & lowMask, lowMask);
        }

        boolean holds(long addressHigh, long addressLow) {
            return (addressHigh & highMask) == high && (addressLow & lowMask) == low;
        }

        private static long mask(int bits) {
            return bits == 0 ? 0 : -1L << (64 - bits);
        }
    }

    private AddressSet(List<String> ranges) {
        v4 = ranges.stream()
                .filter(text -> text.indexOf(':') < 0)
                .map(AddressSet::range)
                .toList();
        v6 = ranges.stream()
                .filter(text -> text.indexOf(':') >= 0)
                .map(AddressSet::range)
                .toList();
    }

    /**
     * @param ranges such as {@code 10.0.0.0/8}, {@code 192.0.2.1}, {@code 2001:db8::/32}
     * @throws IllegalArgumentException when one is malformed; cannot happen in a validated configuration
     */
    public static AddressSet of(List<String> ranges) {
        return ranges.isEmpty() ? EMPTY : new AddressSet(ranges);
    }

    /** Whether one of the ranges covers the address. */
    public boolean contains(InetAddress address) {
        List<Range> ranges = address instanceof Inet4Address ? v4 : v6;
        if (ranges.isEmpty()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        long high = firstWord(bytes);
        long low = secondWord(bytes);
        for (Range range : ranges) {
            if (range.holds(high, low)) {
                return true;
            }
        }
        return false;
    }

    private static Range range(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IP address or range");
        }
        return Range.of(address, slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1)));
    }

    private static long firstWord(byte[] address) {
        ByteBuffer bytes = ByteBuffer.wrap(address);
        return address.length == 4 ? (long) bytes.getInt() << 32 : bytes.getLong();
    }

    private static long secondWord(byte[] address) {
        return address.length == 4 ? 0 : ByteBuffer.wrap(address).getLong(8);
    }
}
