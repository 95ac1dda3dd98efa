// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import java.util.Collection;

/** Follows the endpoints of one {@link SourceKey} until closed. */
public interface EndpointSource extends AutoCloseable {

    /** Starts. The sink may be called from any thread until {@link #close()}. */
    void start(EndpointSink sink);

    @Override
    void close();

    /** Receives the endpoints. */
    interface EndpointSink {

        /** All current endpoints. */
        void publish(Collection<Endpoint> endpoints, Absence absence);

        /** The source has no information, which is not the same as no endpoints. The known endpoints stay. */
        void nothingKnown();
    }
}
