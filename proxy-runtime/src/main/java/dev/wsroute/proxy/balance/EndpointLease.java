package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.SourceKey;
import org.jspecify.annotations.Nullable;

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

    /** Notes that the backend broke the handshake, or took too long over it; the lease is still to be released. */
    void upgradeFailed();

    /**
     * Notes that the backend answered, though not with a 101.
     *
     * @param status HTTP status; those of gateways say nothing of the endpoint
     */
    void answered(int status);

    /** Notes that a WebSocket was opened. */
    void opened();

    /** Notes that the backend ended an open WebSocket without a Close frame; the lease is still to be released. */
    void backendLost();

    /** A {@code Set-Cookie} value that pins the client to the endpoint; null when it is not to be sent. */
    @Nullable String setCookie();

    /** Ends the claim; any further call has no effect. */
    void release();
}
