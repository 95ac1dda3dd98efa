package dev.wsroute.operator.status;

import static dev.wsroute.operator.status.Fixtures.endpoint;
import static dev.wsroute.operator.status.Fixtures.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointsTest {

    @Test
    void aPodInSeveralSlicesCountsOnce() {
        List<EndpointSlice> dualStack = List.of(
                slice("ws", endpoint("a", true), endpoint("b", true)),
                slice("ws", endpoint("a", true), endpoint("b", true)));

        assertThat(Endpoints.count(dualStack, "ws")).isEqualTo(new Endpoints(2, 0));
    }

    @Test
    void aPodThatIsReadyInOneSliceIsReady() {
        List<EndpointSlice> moving = List.of(slice("ws", endpoint("a", false)), slice("ws", endpoint("a", true)));

        assertThat(Endpoints.count(moving, "ws")).isEqualTo(new Endpoints(1, 0));
    }

    @Test
    void slicesOfOtherPortsDoNotCount() {
        assertThat(Endpoints.count(List.of(slice("http", endpoint("a", true))), "ws"))
                .isEqualTo(new Endpoints(0, 0));
        assertThat(Endpoints.count(List.of(slice("", endpoint("a", true))), "")).isEqualTo(new Endpoints(1, 0));
    }

    @Test
    void endpointsAtThePortsThatProxiesKeepForThemselvesDoNotCount() {
        EndpointSlice slice = slice("ws", endpoint("a", true));
        slice.getPorts().get(0).setPort(9901);

        assertThat(Endpoints.count(List.of(slice), "ws")).isEqualTo(new Endpoints(0, 0));
    }

    @Test
    void aTerminatingPodTakesNoNewConnectionsWhateverElseIsSaid() {
        assertThat(Endpoints.count(List.of(slice("ws", endpoint("a", true, true))), "ws"))
                .isEqualTo(new Endpoints(0, 1));
    }

    @Test
    void absentConditionsMeanReady() {
        Endpoint plain = new EndpointBuilder().withAddresses("10.0.0.1").build();

        assertThat(Endpoints.count(List.of(slice("ws", plain)), "ws")).isEqualTo(new Endpoints(1, 0));
    }

    @Test
    void theNullListsOfAServiceWithoutPodsAreEmpty() {
        EndpointSlice empty = Serialization.unmarshal(
                "{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\",\"endpoints\":null,\"ports\":null}",
                EndpointSlice.class);

        assertThat(Endpoints.count(List.of(empty), "ws")).isEqualTo(new Endpoints(0, 0));
        assertThat(Endpoints.allPods(List.of(empty))).isEmpty();
    }
}
