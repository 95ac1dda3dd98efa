// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodPathsTest {

    @Test
    void aMountPathIsReplacedAtTheBeginningOfAWordOrAfterAnEqualsSign() {
        Mounts mounts = new Mounts();
        mounts.add("/var/lib/wsroute", Path.of("/host/state"));
        mounts.add("/var/lib", Path.of("/host/lib"));

        assertThat(mounts.translate("/var/lib/wsroute/config.json")).isEqualTo("/host/state/config.json");
        assertThat(mounts.translate("--state-dir=/var/lib/wsroute")).isEqualTo("--state-dir=/host/state");
        assertThat(mounts.translate("/var/lib/other")).isEqualTo("/host/lib/other");
        assertThat(mounts.translate("/var/library")).isEqualTo("/var/library");
    }

    @Test
    void variablesAreExpandedUnlessTheyAreEscapedOrUnknown() {
        Map<String, String> variables = Map.of("POD_IP", "127.10.0.1");

        assertThat(VariableReferences.expand("http://$(POD_IP):80", variables)).isEqualTo("http://127.10.0.1:80");
        assertThat(VariableReferences.expand("$$(POD_IP) $(OTHER)", variables)).isEqualTo("$(POD_IP) $(OTHER)");
    }

    @Test
    void addressesAreHandedOutOnceUntilAllWereUsed() {
        AddressRange range = AddressRange.parse("127.10.0.0/29");

        assertThat(IntStream.range(0, 6).mapToObj(i -> range.allocate()))
                .containsExactly("127.10.0.1", "127.10.0.2", "127.10.0.3", "127.10.0.4", "127.10.0.5", "127.10.0.6");
        assertThatThrownBy(range::allocate).hasMessage("all 8 pod addresses are in use");
        range.release("127.10.0.3");
        assertThat(range.allocate()).isEqualTo("127.10.0.3");
    }

    @Test
    void clustersBeginAtBlocksOfTheirOwn() {
        Set<String> blocks = new HashSet<>();
        try (AddressRange first = AddressRange.parse("127.99.0.0/16");
                AddressRange second = AddressRange.parse("127.99.0.0/16");
                AddressRange third = AddressRange.parse("127.99.0.0/16")) {
            for (AddressRange range : List.of(first, second, third)) {
                blocks.add(range.allocate());
            }
        }

        assertThat(blocks).hasSize(3).allMatch(address -> address.endsWith(".1"));
    }

    @Test
    void aRangeThatIsNoneIsRefusedByName() {
        assertThatThrownBy(() -> AddressRange.parse("127.10.0/16"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"127.10.0/16\" is no IPv4 range of 8 to 30 bits such as 127.10.0.0/16");
    }
}
