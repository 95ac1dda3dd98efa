// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.netty.util.NetUtil;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Assigns pod addresses from an IPv4 range. An address is reused only after all others, so that it does not soon belong to
 * another pod. Safe for use by several threads.
 *
 * <p>Clusters that run at the same time on one machine share the range. Each begins at a block of 256 addresses that is its
 * own until {@link #close}: it holds a UDP socket on the block's first address, which no pod has.
 */
public final class AddressRange implements AutoCloseable {

    private static final Pattern CIDR = Pattern.compile("([0-9.]+)/([89]|[12][0-9]|30)");
    private static final int BLOCK = 256;
    private static final int CLAIM_PORT = 9253;
    /** The block that the next cluster of this process tries first. */
    private static final AtomicInteger FIRST =
            new AtomicInteger((int) ProcessHandle.current().pid() * 251);

    private final int base;
    private final int size;
    private final Set<Integer> used = new HashSet<>();
    private @Nullable DatagramSocket claim;
    private int next;

    private AddressRange(int base, int size) {
        this.base = base;
        this.size = size;
        for (int tried = 0; claim == null && tried < size / BLOCK; tried++) {
            next = Math.floorMod(FIRST.getAndIncrement() * BLOCK, size);
            claim = claim(NetUtil.intToIpAddress(base + next));
        }
    }

    private static @Nullable DatagramSocket claim(String address) {
        try {
            return new DatagramSocket(new InetSocketAddress(address, CLAIM_PORT));
        } catch (SocketException e) {
            return null;
        }
    }

    /**
     * A range such as {@code 127.10.0.0/16}. A range of less than 256 addresses is not shared with other clusters.
     *
     * @throws IllegalArgumentException if it is not a range, or too small
     */
    public static AddressRange parse(String cidr) {
        Matcher matcher = CIDR.matcher(cidr);
        byte[] octets = matcher.matches() ? NetUtil.createByteArrayFromIpAddressString(matcher.group(1)) : null;
        if (octets == null) {
            throw new IllegalArgumentException(
                    "\"" + cidr + "\" is no IPv4 range of 8 to 30 bits such as 127.10.0.0/16");
        }
        int size = 1 << (32 - Integer.parseInt(matcher.group(2)));
        return new AddressRange(ByteBuffer.wrap(octets).getInt() & -size, size);
    }

    /** @throws IllegalStateException if all addresses are in use */
    synchronized String allocate() {
        for (int tried = 0; tried < size; tried++) {
            int offset = next;
            next = (next + 1) % size;
            boolean usable = offset % BLOCK != 0 && offset != size - 1;
            if (usable && used.add(offset)) {
                return NetUtil.intToIpAddress(base + offset);
            }
        }
        throw new IllegalStateException("all " + size + " pod addresses are in use");
    }

    synchronized void release(String address) {
        used.removeIf(offset -> NetUtil.intToIpAddress(base + offset).equals(address));
    }

    @Override
    public void close() {
        if (claim != null) {
            claim.close();
        }
    }
}
