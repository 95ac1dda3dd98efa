// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import dev.wsroute.config.EndpointZones;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointKey;
import java.net.InetSocketAddress;
import java.util.List;

/** Short notations for endpoints. The port is 80; the address does not matter. */
public final class TestEndpoints {

    private TestEndpoints() {}

    public static EndpointKey key(String id) {
        return new EndpointKey(id, 80);
    }

    public static Endpoint ready(String id) {
        return of(id, true, true, false);
    }

    /** A ready endpoint in a zone, with hints for these. */
    public static Endpoint inZone(String id, String zone, String... hints) {
        Endpoint ready = ready(id);
        return new Endpoint(
                ready.key(),
                ready.address(),
                null,
                ready.podName(),
                true,
                true,
                false,
                new EndpointZones(zone, List.of(hints)));
    }

    public static Endpoint notReady(String id) {
        return of(id, false, false, false);
    }

    public static Endpoint terminating(String id, boolean serving) {
        return of(id, false, serving, true);
    }

    public static Endpoint of(String id, boolean ready, boolean serving, boolean terminating) {
        return new Endpoint(key(id), new InetSocketAddress("127.0.0.1", 80), "pod-" + id, ready, serving, terminating);
    }
}
