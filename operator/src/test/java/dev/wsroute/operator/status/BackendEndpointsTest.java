// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.Fixtures.endpoint;
import static dev.wsroute.operator.status.Fixtures.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.UnusableEndpoint;
import dev.wsroute.config.UsableEndpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackendEndpointsTest {

    private static BackendEndpoints count(List<EndpointSlice> slices, String portName) {
        return BackendEndpoints.count(slices, portName, usable(false));
    }

    private static UsableEndpoints usable(boolean loopback) {
        List<EndpointSlice> proxies = List.of(slice("ws", endpoint("chat-proxy-1", true)));
        return UsableEndpoints.outsideOf("chat-proxy", ReadSlice.of(proxies), loopback);
    }

    private static BackendEndpoints ready(String... ids) {
        return new BackendEndpoints(Set.of(ids), 0, ids.length > 0, Map.of());
    }

    private static BackendEndpoints unusable(UnusableEndpoint fault, int count) {
        return new BackendEndpoints(Set.of(), 0, false, Map.of(fault, count));
    }

    @Test
    void unusableEndpointsAreCountedByReason() {
        EndpointSlice loopback = slice("ws", at("127.0.0.1"), at("127.0.0.2"), at("10.0.0.1"), at("169.254.169.254"));
        EndpointSlice proxies = slice("ws", endpoint("chat-proxy-1", true));
        EndpointSlice names = slice("ws", at("chat.example"));
        names.setAddressType("FQDN");

        BackendEndpoints counted = count(List.of(loopback, proxies, names), "ws");

        assertThat(counted.ready()).isEqualTo(1);
        assertThat(counted.unusedInWords())
                .isEqualTo("host names (1), loopback addresses (2), link-local addresses (1),"
                        + " the route's own proxies (1)");
        assertThat(BackendEndpoints.count(List.of(loopback), "ws", usable(true)).ready())
                .isEqualTo(3);
    }

    @Test
    void aPodThatIsUsableInOneSliceIsUsed() {
        EndpointSlice other = slice("ws", endpoint("a", true));
        other.getEndpoints().get(0).setAddresses(List.of("fe80::1"));

        assertThat(count(List.of(other, slice("ws", endpoint("a", true))), "ws"))
                .isEqualTo(ready("uid-a"));
    }

    @Test
    void anUnusablePortDoesNotCountAndIsReported() {
        EndpointSlice udp = slice("ws", endpoint("a", true));
        udp.getPorts().get(0).setProtocol("UDP");
        EndpointSlice every = slice("ws", endpoint("b", true));
        every.getPorts().get(0).setPort(null);

        BackendEndpoints counted = count(List.of(udp, every), "ws");

        assertThat(counted.ready()).isZero();
        assertThat(counted.served()).isFalse();
        assertThat(counted.unusedInWords()).isEqualTo("ports that are not TCP (1), ports without a number (1)");
    }

    private static Endpoint at(String address) {
        return new EndpointBuilder().withAddresses(address).build();
    }

    @Test
    void aPodInSeveralSlicesCountsOnce() {
        List<EndpointSlice> dualStack = List.of(
                slice("ws", endpoint("a", true), endpoint("b", true)),
                slice("ws", endpoint("a", true), endpoint("b", true)));

        assertThat(count(dualStack, "ws")).isEqualTo(ready("uid-a", "uid-b"));
    }

    /** As in the proxies: it is unknown which of two slices is newer. */
    @Test
    void aPodThatIsNotReadyInOneOfItsSlicesIsNotReady() {
        List<EndpointSlice> moving = List.of(slice("ws", endpoint("a", false)), slice("ws", endpoint("a", true)));

        assertThat(count(moving, "ws")).isEqualTo(ready());
    }

    @Test
    void aProxyOfTheRouteIsExcludedHoweverTheSliceIdentifiesIt() {
        EndpointSlice byName = slice("ws", endpoint("chat-proxy-5d8f7c9b64-x2vlq", true));
        EndpointSlice byAddress =
                slice("ws", at(endpoint("chat-proxy-1", true).getAddresses().get(0)));

        assertThat(count(List.of(byName, byAddress), "ws")).isEqualTo(unusable(UnusableEndpoint.OWN_POD, 2));
    }

    @Test
    void ifAllAreTerminatingThoseStillServingAcceptConnections() {
        Endpoint leaving = endpoint("a", false, true);
        leaving.getConditions().setServing(true);
        Endpoint gone = endpoint("b", false, true);

        assertThat(count(List.of(slice("ws", leaving, gone)), "ws"))
                .isEqualTo(new BackendEndpoints(Set.of(), 2, true, Map.of()));
        assertThat(count(List.of(slice("ws", gone)), "ws"))
                .isEqualTo(new BackendEndpoints(Set.of(), 1, false, Map.of()));
    }

    @Test
    void slicesOfOtherPortsDoNotCount() {
        assertThat(count(List.of(slice("http", endpoint("a", true))), "ws")).isEqualTo(ready());
        assertThat(count(List.of(slice("", endpoint("a", true))), "")).isEqualTo(ready("uid-a"));
    }

    @Test
    void endpointsAtReservedPortsDoNotCountAndAreReported() {
        EndpointSlice slice = slice("ws", endpoint("a", true));
        slice.getPorts().get(0).setPort(9901);

        assertThat(count(List.of(slice), "ws")).isEqualTo(unusable(UnusableEndpoint.PROXY_PORT, 1));
    }

    @Test
    void aTerminatingPodAcceptsNoNewConnections() {
        assertThat(count(List.of(slice("ws", endpoint("a", true, true))), "ws"))
                .isEqualTo(new BackendEndpoints(Set.of(), 1, true, Map.of()));
    }

    @Test
    void absentConditionsMeanReady() {
        Endpoint plain = new EndpointBuilder().withAddresses("10.0.0.1").build();

        assertThat(count(List.of(slice("ws", plain)), "ws")).isEqualTo(ready("10.0.0.1"));
    }

    @Test
    void theNullListsOfAServiceWithoutPodsAreEmpty() {
        EndpointSlice empty = Serialization.unmarshal(
                "{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\",\"endpoints\":null,\"ports\":null}",
                EndpointSlice.class);

        assertThat(count(List.of(empty), "ws")).isEqualTo(ready());
        assertThat(ProxyNames.all(List.of(empty))).isEmpty();
    }
}
