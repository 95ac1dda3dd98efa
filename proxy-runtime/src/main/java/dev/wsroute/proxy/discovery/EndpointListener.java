package dev.wsroute.proxy.discovery;

import java.util.Set;

/** Hears of endpoints. Called on the control thread, in order. */
public interface EndpointListener {

    /** The source has other endpoints than before. */
    void changed(SourceKey source, EndpointSet endpoints);

    /** The endpoint is terminating, or gone for certain: its connections are to leave. Once an endpoint. */
    void leaving(SourceKey source, EndpointKey endpoint);

    /** No source but these is followed any more; what is known of others may be forgotten. */
    default void retained(Set<SourceKey> sources) {}
}
