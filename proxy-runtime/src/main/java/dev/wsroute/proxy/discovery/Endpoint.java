// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import dev.wsroute.config.EndpointConditions;
import dev.wsroute.config.EndpointZones;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint, as last seen in the EndpointSlices or the configuration.
 *
 * @param key identity
 * @param address address and port to connect to
 * @param other its address of the other IP family, if any: tried when {@code address} does not answer quickly
 * @param podName the pod behind it, if any
 * @param ready accepts new connections
 * @param serving accepts connections, though it may be terminating
 * @param terminating its pod is terminating
 * @param zones where it is
 */
public record Endpoint(
        EndpointKey key,
        InetSocketAddress address,
        @Nullable InetSocketAddress other,
        @Nullable String podName,
        boolean ready,
        boolean serving,
        boolean terminating,
        EndpointZones zones)
        implements EndpointConditions {

    /** An endpoint whose zone is unknown. */
    public Endpoint(
            EndpointKey key,
            InetSocketAddress address,
            @Nullable InetSocketAddress other,
            @Nullable String podName,
            boolean ready,
            boolean serving,
            boolean terminating) {
        this(key, address, other, podName, ready, serving, terminating, EndpointZones.UNKNOWN);
    }

    /** An endpoint with a single address, whose zone is unknown. */
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
