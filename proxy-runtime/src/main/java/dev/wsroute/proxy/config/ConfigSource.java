// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.config;

/** A source of documents. */
public interface ConfigSource extends AutoCloseable {

    /** Starts. The sink may be called from any thread until {@link #close()}. */
    void start(ConfigSink sink);

    @Override
    void close();

    /** Receives the documents. */
    interface ConfigSink {

        /** The current document. May be unchanged. */
        void offer(ConfigText text);

        /**
         * The document does not exist or cannot be read: nothing changes.
         *
         * @param reason one sentence
         */
        void unavailable(String reason);
    }
}
