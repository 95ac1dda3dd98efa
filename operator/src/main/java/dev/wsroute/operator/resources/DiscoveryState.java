// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import java.util.Set;

/**
 * State of the headless Services of the route's pod selectors.
 *
 * @param populated names of those, needed or not, whose EndpointSlices have endpoints
 * @param settled whether the configuration may be published: each needed Service has an EndpointSlice, or the wait for one
 *     has timed out
 */
public record DiscoveryState(Set<String> populated, boolean settled) {

    public DiscoveryState {
        populated = Set.copyOf(populated);
    }
}
