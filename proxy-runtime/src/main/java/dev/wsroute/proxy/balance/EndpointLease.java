package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.SourceKey;

/** One connection's claim on an endpoint. */
public interface EndpointLease {

    /** The endpoint, as it was known when it was chosen. */
    Endpoint endpoint();

    /** Where the endpoint was found. */
    SourceKey source();

    /** The backend's name, such as {@code service/chat:ws}. */
    String backend();

    /** Notes that connecting failed; the lease is still to be released. */
    void connectFailed();

    /** Ends the claim; any further call has no effect. */
    void release();
}
