// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.proxy.fuzz.Choices;
import dev.wsroute.proxy.kube.EndpointSlice;
import dev.wsroute.proxy.kube.ReadSlices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Whatever slices the API sends, each endpoint is listed once, and the order of slices does not matter. */
public final class SliceMergeFuzz {

    private static final List<String> UIDS = Arrays.asList("a", "b", "c", "", null);
    private static final List<String> ADDRESSES =
            List.of("10.0.0.1", "10.0.0.2", "fd00::1", "fd00::2", "::ffff:10.0.0.1", "name.example", "", "127.1");
    private static final List<String> PORT_NAMES = Arrays.asList("ws", "metrics", "", null);
    private static final List<Integer> PORTS = Arrays.asList(80, 81, 65535, null, 0, -1);
    private static final List<String> PROTOCOLS = Arrays.asList("TCP", null, "UDP");
    private static final List<Boolean> FLAGS = Arrays.asList(true, false, null);

    private SliceMergeFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Choices choices = new Choices(data);
        String port = choices.oneOf(List.of("ws", ""));
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.putObject("metadata").put("resourceVersion", "1");
        ArrayNode items = list.putArray("items");
        while (!choices.ended() && items.size() < 8) {
            slice(items.addObject(), "slice-" + items.size(), choices);
        }
        List<EndpointSlice> slices =
                new ArrayList<>(ReadSlices.of(list.toString().getBytes(StandardCharsets.UTF_8)));

        List<Endpoint> merged =
                List.copyOf(SliceMerge.merge(slices, port, SliceMergeTest.ANY).endpoints());

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
            assertThat(SliceMerge.merge(slices, port, SliceMergeTest.ANY).endpoints())
                    .containsExactlyInAnyOrderElementsOf(merged);
        }
    }

    private static void slice(ObjectNode slice, String name, Choices choices) {
        slice.putObject("metadata").put("name", name);
        ArrayNode portsNode = slice.putArray("ports");
        for (int ports = choices.below(3); ports > 0; ports--) {
            portsNode
                    .addObject()
                    .put("name", choices.oneOf(PORT_NAMES))
                    .put("port", choices.oneOf(PORTS))
                    .put("protocol", choices.oneOf(PROTOCOLS));
        }
        ArrayNode endpointsNode = slice.putArray("endpoints");
        for (int endpoints = choices.below(4); endpoints > 0; endpoints--) {
            endpoint(endpointsNode.addObject(), choices);
        }
    }

    private static void endpoint(ObjectNode endpoint, Choices choices) {
        ArrayNode addressesNode = endpoint.putArray("addresses");
        for (int addresses = choices.below(3); addresses > 0; addresses--) {
            addressesNode.add(choices.oneOf(ADDRESSES));
        }
        if (choices.below(4) > 0) {
            String uid = choices.oneOf(UIDS);
            endpoint.putObject("targetRef")
                    .put("kind", choices.oneOf(List.of("Pod", "Pod", "Node")))
                    .put("uid", uid)
                    .put("name", uid == null ? null : "pod-" + uid);
        }
        if (choices.below(4) > 0) {
            endpoint.putObject("conditions")
                    .put("ready", choices.oneOf(FLAGS))
                    .put("serving", choices.oneOf(FLAGS))
                    .put("terminating", choices.oneOf(FLAGS));
        }
    }
}
