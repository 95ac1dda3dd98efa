// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.metrics.ZoneRelation;
import java.time.Duration;

/** Listens for ejections, and for where connections go. Called on event loops; must not block. */
@FunctionalInterface
public interface BalancingListener {

    /** An endpoint failed too often in a row and is ejected for this time. */
    void ejected(String route, String backend, Endpoint endpoint, Duration time);

    /** A rule that prefers endpoints of this zone has opened a WebSocket. */
    default void opened(String route, String backend, ZoneRelation zone) {}
}
