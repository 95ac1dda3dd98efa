package dev.wsroute.proxy.discovery;

import dev.wsroute.config.EndpointConditions;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection can go, as the slices (or the configuration) last said.
 *
 * @param key its identity
 * @param address where it listens
 * @param other its address of the other family, if it has one: tried when {@code address} does not answer at once
 * @param podName the pod behind it, if any
 * @param ready takes new connections
 * @param serving answers, though it may be terminating
 * @param terminating its pod is being deleted
 */
public record Endpoint(
        EndpointKey key,
        InetSocketAddress address,
        @Nullable InetSocketAddress other,
        @Nullable String podName,
        boolean ready,
        boolean serving,
        boolean terminating)
        implements EndpointConditions {

    /** One with a single address. */
    public Endpoint(
            EndpointKey key,
            InetSocketAddress address,
            @Nullable String podName,
            boolean ready,
            boolean serving,
            boolean terminating) {
        this(key, address, null, podName, ready, serving, terminating);
    }
}
