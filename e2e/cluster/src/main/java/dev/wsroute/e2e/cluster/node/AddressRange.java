// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.util.HashSet;
import java.util.Set;

/**
 * Assigns pod addresses from an IPv4 range. An address is reused only after all others, so that it does not soon belong to
 * another pod. Safe for use by several threads.
 */
public final class AddressRange {

    private static final int MIN_PREFIX = 8;
    private static final int MAX_PREFIX = 30;

    private final int base;
    private final int size;
    private final Set<Integer> used = new HashSet<>();
    private int next;

    private AddressRange(int base, int size, int first) {
        this.base = base;
        this.size = size;
        this.next = first;
    }

    /**
     * A range such as {@code 127.10.0.0/16}.
     *
     * @param seed selects the start in the range, so that several processes on one machine rarely use the same addresses
     * @throws IllegalArgumentException if it is not a range, or too small
     */
    public static AddressRange parse(String cidr, long seed) {
        String[] parts = cidr.split("/", -1);
        String[] octets = parts[0].split("\\.", -1);
        if (parts.length != 2 || octets.length != 4) {
            throw new IllegalArgumentException("\"" + cidr + "\" is no IPv4 range such as 127.10.0.0/16");
        }
        int prefix = number(cidr, parts[1], 32);
        if (prefix < MIN_PREFIX || prefix > MAX_PREFIX) {
            throw new IllegalArgumentException("the pod address range " + cidr + " must have a prefix of 8 to 30 bits");
        }
        int address = 0;
        for (String octet : octets) {
            address = address << 8 | number(cidr, octet, 255);
        }
        int size = 1 << (32 - prefix);
        return new AddressRange(address & -size, size, (int) Math.floorMod(seed, (long) size));
    }

    private static int number(String cidr, String text, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + cidr + "\" is no IPv4 range such as 127.10.0.0/16", e);
        }
        throw new IllegalArgumentException("\"" + cidr + "\" is no IPv4 range such as 127.10.0.0/16");
    }

    /** @throws IllegalStateException if all addresses are in use */
    synchronized String allocate() {
        for (int tried = 0; tried < size; tried++) {
            int offset = next;
            next = (next + 1) % size;
            boolean usable = offset != 0 && offset != size - 1;
            if (usable && used.add(offset)) {
                return text(base + offset);
            }
        }
        throw new IllegalStateException("all " + size + " pod addresses are in use");
    }

    synchronized void release(String address) {
        used.removeIf(offset -> text(base + offset).equals(address));
    }

    private static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }
}
