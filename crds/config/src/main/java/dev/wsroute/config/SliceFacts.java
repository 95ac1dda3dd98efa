package dev.wsroute.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What counts of an EndpointSlice ({@code discovery.k8s.io/v1}). Operator and proxy read slices by clients of their own, and
 * merge them by the same rules, {@link ServiceEndpoints}.
 */
public interface SliceFacts {

    /** {@code IPv4}, {@code IPv6} or {@code FQDN}; null where it is missing. */
    @Nullable String addressType();

    /** Ports of all its endpoints. */
    List<Port> ports();

    /** Endpoints, as they are listed. */
    List<Endpoint> endpoints();

    /**
     * @param name null or empty: the unnamed port
     * @param port null: every port of the endpoint
     * @param protocol null: TCP
     */
    record Port(
            @Nullable String name,
            @Nullable Integer port,
            @Nullable String protocol) {}

    /**
     * @param address the first one; the others are not defined
     * @param target what is behind it, if anything
     */
    record Endpoint(
            @Nullable String address,
            @Nullable Boolean ready,
            @Nullable Boolean serving,
            @Nullable Boolean terminating,
            @Nullable Target target) {}

    /** A reference to an object, which is a pod as a rule. */
    record Target(
            @Nullable String kind,
            @Nullable String name,
            @Nullable String uid) {}
}
