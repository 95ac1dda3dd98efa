// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.balance;

import static dev.wsroute.proxy.testkit.TestEndpoints.ready;

import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.routing.EndpointSelector;
import dev.wsroute.proxy.testkit.Facts;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** One backend whose endpoints fail when a test says so. */
abstract class EjectionFixture {

    final Bench bench = new Bench();
    final EndpointSelector selector = bench.selector(Bench.rule().backends(Bench.backends(1)));

    EndpointStatus status(String id) {
        return bench.balancing.status(Bench.source("b0"), ready(id), Duration.ofSeconds(30));
    }

    void fail(String id, int times) {
        fail(id, times, EndpointLease::connectFailed);
    }

    void fail(String id, int times, Consumer<EndpointLease> failure) {
        for (int i = 0; i < times; i++) {
            use(id, failure);
        }
    }

    static InetAddress client(String address) {
        return NetUtil.createInetAddressFromIpAddressString(address);
    }

    void use(String id, Consumer<EndpointLease> what) {
        use(id, Bench.request(), what);
    }

    void use(String id, Facts request, Consumer<EndpointLease> what) {
        EndpointLease lease = leaseOf(selector, request, id);
        what.accept(lease);
        lease.release();
    }

    EndpointLease leaseOf(String id) {
        return leaseOf(selector, Bench.request(), id);
    }

    /** Leases this endpoint. Passes over the others without a failure. */
    static EndpointLease leaseOf(EndpointSelector selector, Facts request, String id) {
        Set<EndpointKey> others = new HashSet<>();
        while (true) {
            EndpointLease lease = Objects.requireNonNull(selector.select(request, others));
            if (lease.endpoint().key().id().equals(id)) {
                return lease;
            }
            lease.release();
            others.add(lease.endpoint().key());
        }
    }
}
