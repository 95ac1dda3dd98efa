// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.UnusableEndpoint;
import dev.wsroute.config.UsableEndpoints;
import dev.wsroute.proxy.kube.EndpointSlice;
import dev.wsroute.proxy.testkit.Slices;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slices are written as in {@link Slices}, one after another with {@code ;} between. */
class SliceMergeTest {

    /** For a proxy whose own addresses are unknown. */
    static final UsableEndpoints ANY = new UsableEndpoints(false, Set.of(), Set.of(), Set.of());

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "one slice! ws=80 | a@10.0.0.1/tnn! a:80=10.0.0.1 R S -",
                "no conditions: ready and serving! ws=80 | a@10.0.0.1! a:80=10.0.0.1 R S -",
                "ready absent is ready! ws=80 | a@10.0.0.1/nnn! a:80=10.0.0.1 R S -",
                "serving absent is as ready! ws=80 | a@10.0.0.1/fnn! a:80=10.0.0.1 - - -",
                "serving may differ from ready! ws=80 | a@10.0.0.1/ftt! a:80=10.0.0.1 - S T",
                "terminating absent is false! ws=80 | a@10.0.0.1/ttn! a:80=10.0.0.1 R S -",
                "many slices are merged! ws=80 | a@10.0.0.1; ws=80 | b@10.0.0.2! a:80=10.0.0.1 R S -, b:80=10.0.0.2 R S -",
                "the number of the port is the slice's! ws=80 | a@10.0.0.1; ws=81 | b@10.0.0.2! a:80=10.0.0.1 R S -, b:81=10.0.0.2 R S -",
                "other ports are not ours! metrics=90 | a@10.0.0.1; ws=80 metrics=90 | b@10.0.0.2! b:80=10.0.0.2 R S -",
                "an endpoint in two slices is one! ws=80 | a@10.0.0.1/ttn; ws=80 | a@10.0.0.1/ttn! a:80=10.0.0.1 R S -",
                "of two the more cautious word counts! ws=80 | a@10.0.0.1/ttn; ws=80 | a@10.0.0.1/ftt! a:80=10.0.0.1 - S T",
                "address families of one pod are one, IPv4! ws=80 | a@fd00::1; ws=80 | a@10.0.0.1! a:80=10.0.0.1 R S -",
                "in either order! ws=80 | a@10.0.0.1; ws=80 | a@fd00::1! a:80=10.0.0.1 R S -",
                "IPv6 alone is taken! ws=80 | a@fd00::1! a:80=fd00:0:0:0:0:0:0:1 R S -",
                "without a pod the address is the identity! ws=80 | -@10.0.0.1 -@10.0.0.2! 10.0.0.1:80=10.0.0.1 R S -, 10.0.0.2:80=10.0.0.2 R S -",
                "a name instead of an address is left out! ws=80 | a@chat.example.com b@10.0.0.2! b:80=10.0.0.2 R S -",
                "two addresses of one pod are one, the lower! ws=80 | a@10.0.0.10; ws=80 | a@10.0.0.9! a:80=10.0.0.9 R S -",
                "whichever comes first! ws=80 | a@10.0.0.9; ws=80 | a@10.0.0.10! a:80=10.0.0.9 R S -",
                "a number that is no port is none! ws=0 | a@10.0.0.1; ws=-1 | b@10.0.0.2; ws=65536 | c@10.0.0.3! ''",
                "the proxies' own ports are nobody's! ws=9901 | a@10.0.0.1; ws=9902 | b@10.0.0.2; ws=9903 | c@10.0.0.3! c:9903=10.0.0.3 R S -",
                "an empty slice! ws=80 |! ''",
                "no slice at all!! ''",
            })
    void slicesBecomeEndpoints(String name, String slices, String expected) {
        assertThat(shown(merge(slices, "ws"))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void ofAPodWithBothFamiliesTheLowestAddressOfEachIsKnownInWhateverOrderTheyCome() {
        String[] slices = {"ws=80 | a@fd00::2", "ws=80 | a@10.0.0.2", "ws=80 | a@fd00::1", "ws=80 | a@10.0.0.1"};
        for (int turn = 0; turn < slices.length; turn++) {
            Collections.rotate(Arrays.asList(slices), 1);

            assertThat(merge(String.join("; ", slices), "ws").endpoints())
                    .singleElement()
                    .satisfies(endpoint -> {
                        assertThat(endpoint.address()).isEqualTo(new InetSocketAddress("10.0.0.1", 80));
                        assertThat(endpoint.other()).isEqualTo(new InetSocketAddress("fd00::1", 80));
                    });
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '!',
            value = {
                "no zone! ws=80 | a@10.0.0.1! null []",
                "a zone! ws=80 | a@10.0.0.1#here! here []",
                "an empty zone is none! ws=80 | a@10.0.0.1#! null []",
                "hints, sorted! ws=80 | a@10.0.0.1#here>there,here! here [here, there]",
                "hints without a zone! ws=80 | a@10.0.0.1#>there! null [there]",
                "two slices: the one with a zone! ws=80 | a@10.0.0.1; ws=80 | a@fd00::1#here! here []",
                "two slices: hints of both! ws=80 | a@10.0.0.1#here>b; ws=80 | a@fd00::1#here>a! here [a, b]",
                "two slices, one without hints: none! ws=80 | a@10.0.0.1#here>b; ws=80 | a@fd00::1#here! here []",
            })
    void endpointsHaveTheZoneAndTheHintsOfTheirSlicesInWhateverOrderTheyCome(
            String name, String slices, String expected) {
        List<String> turned = Arrays.asList(slices.split(";", -1));
        for (int turn = 0; turn < turned.size(); turn++) {
            Collections.rotate(turned, 1);

            assertThat(merge(String.join("; ", turned), "ws").endpoints())
                    .singleElement()
                    .satisfies(endpoint -> assertThat(endpoint.zones().zone() + " "
                                    + endpoint.zones().hints())
                            .isEqualTo(expected));
        }
    }

    @Test
    void theEmptyPortNameIsTheUnnamedPort() {
        assertThat(shown(merge("-=8080 | a@10.0.0.1", ""))).isEqualTo("a:8080=10.0.0.1 R S -");
    }

    @Test
    void aPortOfAnotherProtocolIsNotUsed() {
        EndpointSlice tcp = Slices.slice("s", "ws=80 | a@10.0.0.1");
        EndpointSlice udp =
                new EndpointSlice("s", null, List.of(new EndpointSlice.Port("ws", 80, "UDP")), tcp.endpoints());

        SliceMerge.Merged merged = SliceMerge.merge(List.of(udp), "ws", ANY);
        assertThat(merged.endpoints()).isEmpty();
        assertThat(merged.unused()).isEqualTo(Map.of(UnusableEndpoint.NOT_TCP, 1));
    }

    @Test
    void whatIsNoPodIsKnownByItsAddress() {
        EndpointSlice.Target node = new EndpointSlice.Target("Node", "n", "uid-of-node");
        EndpointSlice slice = new EndpointSlice(
                "s",
                "IPv4",
                List.of(new EndpointSlice.Port("ws", 80, null)),
                List.of(new EndpointSlice.SliceEndpoint("10.0.0.1", null, null, null, node)));

        assertThat(shown(EndpointSet.of(
                        SliceMerge.merge(List.of(slice), "ws", ANY).endpoints())))
                .isEqualTo("10.0.0.1:80=10.0.0.1 R S -");
    }

    @Test
    void addressesThatLeadToTheProxysOwnMachineOrNowhereAreLeftOutAndCounted() {
        EndpointSlice slice = Slices.slice(
                "s",
                "ws=80 | a@10.0.0.1 b@127.0.0.1 c@::1 d@169.254.169.254 e@fe80::1 f@224.0.0.1 g@0.0.0.0 h@chat.example");
        UsableEndpoints development = new UsableEndpoints(true, Set.of(), Set.of(), Set.of());

        SliceMerge.Merged merged = SliceMerge.merge(List.of(slice), "ws", ANY);

        assertThat(shown(EndpointSet.of(merged.endpoints()))).isEqualTo("a:80=10.0.0.1 R S -");
        assertThat(merged.unused())
                .isEqualTo(Map.of(
                        UnusableEndpoint.LOOPBACK,
                        2,
                        UnusableEndpoint.LINK_LOCAL,
                        2,
                        UnusableEndpoint.MULTICAST,
                        1,
                        UnusableEndpoint.UNSPECIFIED,
                        1,
                        UnusableEndpoint.NONE,
                        1));
        assertThat(SliceMerge.merge(List.of(slice), "ws", development).endpoints())
                .hasSize(3);
    }

    @Test
    void aSliceOfHostNamesIsLeftOutWhateverTheyLookLike() {
        EndpointSlice ip = Slices.slice("s", "ws=80 | a@10.0.0.1");
        EndpointSlice slice = new EndpointSlice("s", "FQDN", ip.ports(), ip.endpoints());

        assertThat(SliceMerge.merge(List.of(slice), "ws", ANY))
                .satisfies(merged -> assertThat(merged.endpoints()).isEmpty())
                .satisfies(merged -> assertThat(merged.unused()).isEqualTo(Map.of(UnusableEndpoint.FQDN, 1)));
    }

    @Test
    void theProxysOwnPodIsLeftOutByItsNameAndByWhereItListens() throws Exception {
        EndpointSlice slice = Slices.slice("s", "ws=80 | a@10.0.0.1 b@10.0.0.2 -@10.0.0.3 -@10.0.0.4");
        UsableEndpoints own = new UsableEndpoints(
                false, Set.of("pod-a"), Set.of(InetAddress.getByName("10.0.0.3")), Set.of(80, 9901));
        UsableEndpoints elsewhere =
                new UsableEndpoints(false, Set.of(), Set.of(InetAddress.getByName("10.0.0.3")), Set.of(81));

        SliceMerge.Merged merged = SliceMerge.merge(List.of(slice), "ws", own);

        assertThat(shown(EndpointSet.of(merged.endpoints())))
                .isEqualTo("10.0.0.4:80=10.0.0.4 R S -, b:80=10.0.0.2 R S -");
        assertThat(merged.unused()).isEqualTo(Map.of(UnusableEndpoint.OWN_POD, 2));
        assertThat(SliceMerge.merge(List.of(slice), "ws", elsewhere).endpoints())
                .hasSize(4);
    }

    @Test
    void otherPodsOfTheProxysDeploymentAreLeftOutAndThoseOfOthersAreNot() {
        UsableEndpoints own = new UsableEndpoints(false, Set.of("chat-proxy-5d8f7c9b64-x2vlq"), Set.of(), Set.of());
        List<EndpointSlice.SliceEndpoint> pods = Stream.of(
                        "chat-proxy-5d8f7c9b64-9zt4k",
                        "chat-proxy-6b7f8d9c55-2j2pd",
                        "chat-proxy-x-5d8f7c9b64-9zt4k",
                        "chat-5d8f7c9b64-9zt4k",
                        "chat-proxy-0")
                .map(name -> new EndpointSlice.SliceEndpoint(
                        "10.0.0.1", null, null, null, new EndpointSlice.Target("Pod", name, name)))
                .toList();
        EndpointSlice slice = new EndpointSlice("s", "IPv4", List.of(new EndpointSlice.Port("ws", 80, null)), pods);

        SliceMerge.Merged merged = SliceMerge.merge(List.of(slice), "ws", own);

        assertThat(merged.endpoints())
                .extracting(Endpoint::podName)
                .containsExactly("chat-proxy-x-5d8f7c9b64-9zt4k", "chat-5d8f7c9b64-9zt4k", "chat-proxy-0");
    }

    private static EndpointSet merge(String slices, String port) {
        List<EndpointSlice> all = new ArrayList<>();
        if (slices != null) {
            for (String slice : slices.split(";", -1)) {
                all.add(Slices.slice("slice-" + all.size(), slice));
            }
        }
        return EndpointSet.of(SliceMerge.merge(all, port, ANY).endpoints());
    }

    private static String shown(EndpointSet set) {
        return set.endpoints().stream()
                .map(endpoint -> endpoint.key() + "="
                        + endpoint.address().getAddress().getHostAddress()
                        + (endpoint.ready() ? " R" : " -")
                        + (endpoint.serving() ? " S" : " -")
                        + (endpoint.terminating() ? " T" : " -"))
                .collect(Collectors.joining(", "));
    }
}
