// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relevant fields of an EndpointSlice ({@code discovery.k8s.io/v1}). Operator and proxy read slices by different clients and
 * merge them by the same rules ({@link ServiceEndpoints}).
 */
public interface SliceFacts {

    /** {@code IPv4}, {@code IPv6} or {@code FQDN}; null if missing. */
    @Nullable String addressType();

    /** Ports of all endpoints. */
    List<Port> ports();

    /** Endpoints, in the order of the slice. */
    List<SliceEndpoint> endpoints();

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
     * @param address the first address; Kubernetes does not define the others
     * @param target the object behind it; null if there is none
     * @param zones where it is
     */
    record SliceEndpoint(
            @Nullable String address,
            @Nullable Boolean ready,
            @Nullable Boolean serving,
            @Nullable Boolean terminating,
            @Nullable Target target,
            EndpointZones zones) {

        /** An endpoint whose zone is unknown. */
        public SliceEndpoint(
                @Nullable String address,
                @Nullable Boolean ready,
                @Nullable Boolean serving,
                @Nullable Boolean terminating,
                @Nullable Target target) {
            this(address, ready, serving, terminating, target, EndpointZones.UNKNOWN);
        }
    }

    /** A reference to an object, usually a pod. */
    record Target(
            @Nullable String kind,
            @Nullable String name,
            @Nullable String uid) {}
}
