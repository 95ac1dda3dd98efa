package dev.wsroute.operator.resources;

import java.util.Set;

/**
 * How far the Services that find the pods of selectors are.
 *
 * @param populated names of those of the route, needed or not, whose EndpointSlices hold endpoints
 * @param settled whether the configuration may name all that are needed: each has an EndpointSlice, or was given the
 *     time for one
 */
public record Discovery(Set<String> populated, boolean settled) {

    public Discovery {
        populated = Set.copyOf(populated);
    }
}
