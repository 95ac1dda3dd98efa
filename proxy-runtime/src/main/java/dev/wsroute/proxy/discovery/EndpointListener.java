// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import java.util.Set;

/** Listens for changes of endpoints. Called on the control thread, in order. */
public interface EndpointListener {

    /** The endpoints of a source have changed. */
    void changed(SourceKey source, EndpointSet endpoints);

    /** The endpoint is terminating or has been removed: drain its connections. Called once per endpoint. */
    void leaving(SourceKey source, EndpointKey endpoint);

    /** Only these sources are still watched. State of others can be dropped. */
    default void retained(Set<SourceKey> sources) {}
}
