// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.memory;

/** Decides which account is evicted first: the one with the greatest weight. */
public enum EvictionWeight {
    /** Bytes. For memory that is held as long as the request or connection lasts. */
    BYTES {
        @Override
        double weight(long bytes, long stalledNanos) {
            return bytes;
        }
    },

    /** Bytes times the time since the reader last made progress. For bytes queued for readers. */
    BYTES_TIMES_STALL {
        @Override
        double weight(long bytes, long stalledNanos) {
            return (double) bytes * Math.max(1, stalledNanos);
        }
    };

    abstract double weight(long bytes, long stalledNanos);
}
