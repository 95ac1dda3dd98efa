// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.config.EndpointZones;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The zone of this process.
 *
 * @param name null if unknown
 * @param proxies the part of all ready proxies that run in this zone, between 0 and 1; 0 if unknown
 */
public record OwnZone(@Nullable String name, double proxies) {

    /** Nothing is known. */
    public static final OwnZone UNKNOWN = new OwnZone(null, 0);

    /**
     * Whether hints decide: as for kube-proxy, if every endpoint has some. If one has none, Kubernetes is
     * about to add or to remove them.
     */
    static boolean isHinted(Collection<EndpointZones> endpoints) {
        return endpoints.stream().noneMatch(zones -> zones.hints().isEmpty());
    }

    /** Whether an endpoint is for the proxies of this zone. */
    boolean prefers(EndpointZones endpoint, boolean hinted) {
        return name != null && (hinted ? endpoint.hints().contains(name) : name.equals(endpoint.zone()));
    }
}
