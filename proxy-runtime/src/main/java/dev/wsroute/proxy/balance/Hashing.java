// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import java.net.InetAddress;

/** 64-bit hashes that are the same on every proxy and in every version. */
final class Hashing {

    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Hashing() {}

    /** FNV-1a of the characters, with a finaliser. */
    static long of(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            hash = (hash ^ (c & 0xFF)) * FNV_PRIME;
            hash = (hash ^ (c >>> 8)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Hashes all bytes of the address. */
    static long of(InetAddress address) {
        long hash = FNV_OFFSET;
        for (byte b : address.getAddress()) {
            hash = (hash ^ (b & 0xFF)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** The rendezvous score of a key and a candidate; independent for each pair. */
    static long score(long key, long candidate) {
        return mix(key ^ candidate);
    }

    /** The finaliser of MurmurHash3: each input bit affects half of the output bits. */
    private static long mix(long value) {
        long bits = value;
        bits = (bits ^ (bits >>> 33)) * 0xFF51AFD7ED558CCDL;
        bits = (bits ^ (bits >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return bits ^ (bits >>> 33);
    }
}
