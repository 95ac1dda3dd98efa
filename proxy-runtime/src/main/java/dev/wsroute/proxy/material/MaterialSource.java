// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import java.util.Map;

/** A source of PEM data that is followed: a Secret, a ConfigMap, or files. */
public interface MaterialSource extends AutoCloseable {

    /** Starts. The sink may be called from any thread until {@link #close()}. */
    void start(Sink sink);

    @Override
    void close();

    /** Receives the data. */
    interface Sink {

        /** The current data by key, such as {@code tls.crt}. May be unchanged, incomplete or invalid. */
        void offer(Map<String, byte[]> data);

        /**
         * The source does not exist or cannot be read.
         *
         * @param reason one sentence without a full stop
         */
        void unavailable(String reason);
    }
}
