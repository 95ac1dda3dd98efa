package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.kube.EndpointSlice;
import dev.wsroute.proxy.testkit.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slices are written as in {@link Slices}, one after another with {@code ;} between. */
class SliceMergeTest {

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
    void slices_become_endpoints(String name, String slices, String expected) {
        assertThat(shown(merge(slices, "ws"))).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void the_empty_port_name_is_the_unnamed_port() {
        assertThat(shown(merge("-=8080 | a@10.0.0.1", ""))).isEqualTo("a:8080=10.0.0.1 R S -");
    }

    @Test
    void a_port_of_another_protocol_is_not_taken() {
        EndpointSlice tcp = Slices.slice("s", "ws=80 | a@10.0.0.1");
        EndpointSlice udp = new EndpointSlice("s", List.of(new EndpointSlice.Port("ws", 80, "UDP")), tcp.endpoints());

        assertThat(SliceMerge.merge(List.of(udp), "ws")).isEmpty();
    }

    @Test
    void what_is_no_pod_is_known_by_its_address() {
        EndpointSlice.Target node = new EndpointSlice.Target("Node", "n", "uid-of-node");
        EndpointSlice slice = new EndpointSlice(
                "s",
                List.of(new EndpointSlice.Port("ws", 80, null)),
                List.of(new EndpointSlice.Endpoint("10.0.0.1", null, null, null, node)));

        assertThat(shown(EndpointSet.of(SliceMerge.merge(List.of(slice), "ws"))))
                .isEqualTo("10.0.0.1:80=10.0.0.1 R S -");
    }

    private static EndpointSet merge(String slices, String port) {
        List<EndpointSlice> all = new ArrayList<>();
        if (slices != null) {
            for (String slice : slices.split(";", -1)) {
                all.add(Slices.slice("slice-" + all.size(), slice));
            }
        }
        return EndpointSet.of(SliceMerge.merge(all, port));
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
