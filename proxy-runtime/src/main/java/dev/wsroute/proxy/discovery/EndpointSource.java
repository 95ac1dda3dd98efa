package dev.wsroute.proxy.discovery;

import java.util.Collection;

/** Finds the endpoints of one {@link SourceKey} and goes on finding them until closed. */
public interface EndpointSource extends AutoCloseable {

    /** Begins; the sink is called from any thread from now on, until {@link #close()}. */
    void start(Sink sink);

    @Override
    void close();

    /** Takes what a source finds. */
    interface Sink {

        /** All endpoints as they are now. */
        void publish(Collection<Endpoint> endpoints, Absence absence);

        /** The source was asked and knows nothing, not even that there is none: what was known before stays. */
        void nothingKnown();
    }
}
