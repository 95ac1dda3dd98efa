// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import dev.wsroute.proxy.discovery.Endpoint;
import java.time.Duration;

/** Listens for ejections. Called on event loops; must not block. */
@FunctionalInterface
public interface BalancingListener {

    /** An endpoint failed too often in a row and is ejected for this time. */
    void ejected(String route, String backend, Endpoint endpoint, Duration time);
}
