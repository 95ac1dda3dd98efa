package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.fuzz.Choices;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Whatever the slices say, each endpoint is there once, and their order does not matter. */
public final class SliceMergeFuzz {

    private static final List<String> UIDS = Arrays.asList("a", "b", "c", "", null);
    private static final List<String> ADDRESSES =
            List.of("10.0.0.1", "10.0.0.2", "fd00::1", "fd00::2", "::ffff:10.0.0.1", "name.example", "", "127.1");
    private static final List<String> PORT_NAMES = Arrays.asList("ws", "metrics", "", null);
    private static final List<Integer> PORTS = Arrays.asList(80, 81, 65535, null, 0, -1);
    private static final List<String> PROTOCOLS = Arrays.asList("TCP", null, "UDP");
    private static final List<Boolean> FLAGS = Arrays.asList(true, false, null);

    private SliceMergeFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        Choices choices = new Choices(data);
        String port = choices.oneOf(List.of("ws", ""));
        List<EndpointSlice> slices = new ArrayList<>();
        while (!choices.ended() && slices.size() < 8) {
            slices.add(slice("slice-" + slices.size(), choices));
        }

        List<Endpoint> merged = List.copyOf(SliceMerge.merge(slices, port));

        Set<EndpointKey> keys = new HashSet<>();
        for (Endpoint endpoint : merged) {
            assertThat(keys.add(endpoint.key()))
                    .as("%s is there once", endpoint.key())
                    .isTrue();
            assertThat(endpoint.address().isUnresolved()).isFalse();
            assertThat(endpoint.address().getPort())
                    .isEqualTo(endpoint.key().port())
                    .isBetween(1, 65535);
        }
        Random random = new Random(Arrays.hashCode(data));
        for (int i = 0; i < 3; i++) {
            Collections.shuffle(slices, random);
            assertThat(SliceMerge.merge(slices, port)).containsExactlyInAnyOrderElementsOf(merged);
        }
    }

    private static EndpointSlice slice(String name, Choices choices) {
        EndpointSliceBuilder slice =
                new EndpointSliceBuilder().withNewMetadata().withName(name).endMetadata();
        for (int ports = choices.below(3); ports > 0; ports--) {
            slice.addToPorts(new EndpointPortBuilder()
                    .withName(choices.oneOf(PORT_NAMES))
                    .withPort(choices.oneOf(PORTS))
                    .withProtocol(choices.oneOf(PROTOCOLS))
                    .build());
        }
        for (int endpoints = choices.below(4); endpoints > 0; endpoints--) {
            slice.addToEndpoints(endpoint(choices));
        }
        return slice.build();
    }

    private static io.fabric8.kubernetes.api.model.discovery.v1.Endpoint endpoint(Choices choices) {
        EndpointBuilder endpoint = new EndpointBuilder();
        for (int addresses = choices.below(3); addresses > 0; addresses--) {
            endpoint.addToAddresses(choices.oneOf(ADDRESSES));
        }
        if (choices.below(4) > 0) {
            String uid = choices.oneOf(UIDS);
            endpoint.withTargetRef(new ObjectReferenceBuilder()
                    .withKind(choices.oneOf(List.of("Pod", "Pod", "Node")))
                    .withUid(uid)
                    .withName(uid == null ? null : "pod-" + uid)
                    .build());
        }
        if (choices.below(4) > 0) {
            endpoint.withConditions(
                    new EndpointConditions(choices.oneOf(FLAGS), choices.oneOf(FLAGS), choices.oneOf(FLAGS)));
        }
        return endpoint.build();
    }
}
