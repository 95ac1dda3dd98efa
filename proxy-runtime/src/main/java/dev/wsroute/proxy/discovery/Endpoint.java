package dev.wsroute.proxy.discovery;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection can go, as the slices (or the configuration) last said.
 *
 * @param key its identity
 * @param address where it listens
 * @param podName the pod behind it, if any
 * @param ready takes new connections
 * @param serving answers, though it may be terminating
 * @param terminating its pod is being deleted
 */
public record Endpoint(
        EndpointKey key,
        InetSocketAddress address,
        @Nullable String podName,
        boolean ready,
        boolean serving,
        boolean terminating) {}
