// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.api.v1alpha1.WebSocketRoute;
import dev.wsroute.e2e.dev.RouteProgress;

/** What Flux says about a route: the rules of kstatus for custom resources (sigs.k8s.io/cli-utils, pkg/kstatus/status). */
enum Kstatus {
    /** It is as its spec says. */
    Current,
    /** It is on its way. */
    InProgress,
    /** Only somebody else can help. */
    Failed,
    /** It is being deleted. */
    Terminating;

    static Kstatus of(WebSocketRoute route) {
        if (route.getMetadata().getDeletionTimestamp() != null) {
            return Terminating;
        }
        // Without a status, kstatus takes a resource for current; the CRD's readers would have to wait for one.
        if (route.getStatus() == null) {
            return Current;
        }
        if (!route.getMetadata().getGeneration().equals(route.getStatus().observedGeneration())
                || is(route, "Reconciling")) {
            return InProgress;
        }
        if (is(route, "Stalled")) {
            return Failed;
        }
        return is(route, "Ready") ? Current : InProgress;
    }

    private static boolean is(WebSocketRoute route, String type) {
        return RouteProgress.condition(route, type)
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }
}
