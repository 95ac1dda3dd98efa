// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.session;

/** A source of the key for session cookies. */
public interface KeySource extends AutoCloseable {

    /** Starts. The sink may be called from any thread until {@link #close()}. */
    void start(KeySink sink);

    @Override
    void close();

    /** Receives the key. */
    interface KeySink {

        /** The current bytes of the key. May be unchanged, and may be too short. */
        void offer(byte[] key);

        /**
         * The key does not exist or cannot be read.
         *
         * @param reason one sentence without a full stop
         */
        void unavailable(String reason);
    }
}
