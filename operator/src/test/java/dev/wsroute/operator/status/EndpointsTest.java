package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.Fixtures.endpoint;
import static dev.wsroute.operator.status.Fixtures.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EndpointsTest {

    private static Endpoints count(List<EndpointSlice> slices, String portName) {
        return Endpoints.count(slices, portName, Set.of("chat-proxy-1"), false);
    }

    @Test
    void whatTheProxiesDoNotUseIsCountedByWhatIsWrongWithIt() {
        EndpointSlice loopback = slice("ws", at("127.0.0.1"), at("127.0.0.2"), at("10.0.0.1"), at("169.254.169.254"));
        EndpointSlice proxies = slice("ws", endpoint("chat-proxy-1", true));
        EndpointSlice names = slice("ws", at("chat.example"));
        names.setAddressType("FQDN");

        Endpoints counted = count(List.of(loopback, proxies, names), "ws");

        assertThat(counted.ready()).isEqualTo(1);
        assertThat(counted.unusedInWords())
                .isEqualTo("host names (1), loopback addresses (2), link-local addresses (1),"
                        + " proxies of the route itself (1)");
        assertThat(Endpoints.count(List.of(loopback), "ws", Set.of(), true).ready())
                .isEqualTo(3);
    }

    @Test
    void aPodThatIsUsableInOneSliceIsUsed() {
        EndpointSlice other = slice("ws", endpoint("a", true));
        other.getEndpoints().get(0).setAddresses(List.of("fe80::1"));

        assertThat(count(List.of(other, slice("ws", endpoint("a", true))), "ws"))
                .isEqualTo(new Endpoints(1, 0, Map.of()));
    }

    @Test
    void aPortThatNobodyCanConnectToDoesNotCount() {
        EndpointSlice udp = slice("ws", endpoint("a", true));
        udp.getPorts().get(0).setProtocol("UDP");
        EndpointSlice every = slice("ws", endpoint("b", true));
        every.getPorts().get(0).setPort(null);

        assertThat(count(List.of(udp, every), "ws")).isEqualTo(new Endpoints(0, 0, Map.of()));
    }

    private static Endpoint at(String address) {
        return new EndpointBuilder().withAddresses(address).build();
    }

    @Test
    void aPodInSeveralSlicesCountsOnce() {
        List<EndpointSlice> dualStack = List.of(
                slice("ws", endpoint("a", true), endpoint("b", true)),
                slice("ws", endpoint("a", true), endpoint("b", true)));

        assertThat(count(dualStack, "ws")).isEqualTo(new Endpoints(2, 0, Map.of()));
    }

    @Test
    void aPodThatIsReadyInOneSliceIsReady() {
        List<EndpointSlice> moving = List.of(slice("ws", endpoint("a", false)), slice("ws", endpoint("a", true)));

        assertThat(count(moving, "ws")).isEqualTo(new Endpoints(1, 0, Map.of()));
    }

    @Test
    void slicesOfOtherPortsDoNotCount() {
        assertThat(count(List.of(slice("http", endpoint("a", true))), "ws")).isEqualTo(new Endpoints(0, 0, Map.of()));
        assertThat(count(List.of(slice("", endpoint("a", true))), "")).isEqualTo(new Endpoints(1, 0, Map.of()));
    }

    @Test
    void endpointsAtThePortsThatProxiesKeepForThemselvesDoNotCount() {
        EndpointSlice slice = slice("ws", endpoint("a", true));
        slice.getPorts().get(0).setPort(9901);

        assertThat(count(List.of(slice), "ws")).isEqualTo(new Endpoints(0, 0, Map.of()));
    }

    @Test
    void aTerminatingPodTakesNoNewConnectionsWhateverElseIsSaid() {
        assertThat(count(List.of(slice("ws", endpoint("a", true, true))), "ws"))
                .isEqualTo(new Endpoints(0, 1, Map.of()));
    }

    @Test
    void absentConditionsMeanReady() {
        Endpoint plain = new EndpointBuilder().withAddresses("10.0.0.1").build();

        assertThat(count(List.of(slice("ws", plain)), "ws")).isEqualTo(new Endpoints(1, 0, Map.of()));
    }

    @Test
    void theNullListsOfAServiceWithoutPodsAreEmpty() {
        EndpointSlice empty = Serialization.unmarshal(
                "{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\",\"endpoints\":null,\"ports\":null}",
                EndpointSlice.class);

        assertThat(count(List.of(empty), "ws")).isEqualTo(new Endpoints(0, 0, Map.of()));
        assertThat(Endpoints.allPods(List.of(empty))).isEmpty();
    }
}
