// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import org.jspecify.annotations.Nullable;

/** Finds the rule for a request in one snapshot. Called on every event loop; must not block. */
public interface RequestRouter {

    /** @return null if no route matches */
    @Nullable ActiveRule route(RequestFacts request);
}
