// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Identifies a client: an IPv4 address, or the first 64 bits of an IPv6 address, the smallest allocation for one
 * customer (RFC 6177).
 */
public record ClientKey(long bits, boolean v6) {

    /** A site of IPv6 has up to 48 bits in common (RFC 6177 §2). */
    private static final long SITE = -1L << 16;

    /** The key for an address. */
    public static ClientKey of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == 4 ? new ClientKey(bytes.getInt(), false) : new ClientKey(bytes.getLong(), true);
    }

    /** What one party may have at its disposal: the same IPv4 address, or the first 48 bits of an IPv6 address. */
    public ClientKey site() {
        return v6 ? new ClientKey(bits & SITE, true) : this;
    }
}
