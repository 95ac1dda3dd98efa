// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.topology;

import static dev.wsroute.proxy.testkit.TestEndpoints.inZone;
import static dev.wsroute.proxy.testkit.TestEndpoints.notReady;
import static dev.wsroute.proxy.testkit.TestEndpoints.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.balance.OwnZone;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyZoneTest {

    private static final SourceKey.Slices SLICES = new SourceKey.Slices("apps", "chat-proxy", "ws");

    private final Balancing balancing = new Balancing((route, backend, endpoint, time) -> {});
    private final ProxyZone zone = new ProxyZone(null, "pod-own", balancing);

    @Test
    void theZoneIsThatOfItsOwnPod() {
        proxies(inZone("own", "here"), inZone("a", "here"), inZone("b", "there"), inZone("c", "there"));

        assertThat(balancing.zone()).isEqualTo(new OwnZone("here", 0.5));
    }

    @Test
    void onlyReadyProxiesCount() {
        Endpoint own = inZone("own", "here");
        Endpoint starting =
                new Endpoint(own.key(), own.address(), null, own.podName(), false, false, false, own.zones());
        proxies(starting, inZone("a", "there"), notReady("b"));

        assertThat(balancing.zone()).isEqualTo(new OwnZone("here", 0));
    }

    @Test
    void aProxyWithoutZoneCountsAsElsewhere() {
        proxies(inZone("own", "here"), ready("a"));

        assertThat(balancing.zone()).isEqualTo(new OwnZone("here", 0.5));
    }

    @Test
    void withoutZonesOrOwnPodNothingIsKnown() {
        proxies(ready("own"), inZone("a", "here"));
        assertThat(balancing.zone().name()).isNull();
        proxies(inZone("a", "here"));
        assertThat(balancing.zone().name()).isNull();
    }

    @Test
    void aKnownZoneStaysKnown() {
        proxies(inZone("own", "here"), inZone("a", "there"));
        proxies(inZone("a", "there"), inZone("b", "here"), inZone("c", "here"), inZone("d", "here"));

        assertThat(balancing.zone()).isEqualTo(new OwnZone("here", 0.75));
    }

    @Test
    void aFlagDecidesWhateverTheSlicesSay() {
        ProxyZone flagged = new ProxyZone("x", "pod-own", balancing);
        assertThat(balancing.zone()).isEqualTo(new OwnZone("x", 0));

        flagged.changed(
                new SourceKey.Proxies(SLICES), EndpointSet.of(List.of(inZone("own", "here"), inZone("a", "x"))));

        assertThat(balancing.zone()).isEqualTo(new OwnZone("x", 0.5));
    }

    @Test
    void backendsDoNotTellTheZone() {
        zone.changed(SLICES, EndpointSet.of(List.of(inZone("own", "here"))));

        assertThat(balancing.zone()).isEqualTo(OwnZone.UNKNOWN);
    }

    private void proxies(Endpoint... endpoints) {
        zone.changed(new SourceKey.Proxies(SLICES), EndpointSet.of(List.of(endpoints)));
    }
}
