// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy;

import dev.wsroute.proxy.balance.BalancingListener;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.metrics.ProxyMetrics;
import dev.wsroute.proxy.metrics.ZoneRelation;
import java.time.Duration;

/** Counts what the load balancing does. */
record BalancingMeters(ProxyMetrics metrics) implements BalancingListener {

    @Override
    public void ejected(String route, String backend, Endpoint endpoint, Duration time) {
        metrics.ejected(route, backend);
    }

    @Override
    public void opened(String route, String backend, ZoneRelation zone) {
        metrics.zoneChosen(route, backend, zone);
    }
}
