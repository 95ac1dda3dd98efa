package dev.wsroute.proxy.memory;

/** How much others gain when an account's holder is evicted. The heaviest goes first. */
public enum Weighing {
    /** By bytes: for what is held as long as a request or a connection lasts, however long that is. */
    BYTES {
        @Override
        double weight(long bytes, long stalledNanos) {
            return bytes;
        }
    },

    /** By bytes times the time since a reader took some: for what waits for readers. */
    BYTES_TIMES_STALL {
        @Override
        double weight(long bytes, long stalledNanos) {
            return (double) bytes * Math.max(1, stalledNanos);
        }
    };

    abstract double weight(long bytes, long stalledNanos);
}
