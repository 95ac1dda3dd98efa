// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.operator.jwks.FetchOutcome.Answered;
import dev.wsroute.operator.jwks.FetchOutcome.Failed;
import dev.wsroute.operator.jwks.FetchOutcome.Reason;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the operator connects to. */
@Tag("slow")
class KeySetAddressesTest extends KeySetFetchFixture {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "169.254.169.254",
                "100.100.100.200",
                "::1",
                "fd00:ec2::254",
                "64:ff9b::7f00:1",
            })
    void doesNotConnectToAddressesThatAreNotPublic(String address) throws Exception {
        Failed forbidden = new Failed(
                Reason.FORBIDDEN,
                "the host has no public address, and the operator's flag --jwks-allowed-hosts does not name it");

        assertThat(fetch("https://" + HOST, Map.of(HOST, List.of(address)), AllowedHosts.NONE, PATIENT))
                .isEqualTo(forbidden);
        assertThat(lookedUp).containsExactly(HOST + ".");
    }

    @Test
    void ofANameThatMixesThemOnlyThePublicOnesAreUsed() {
        List<InetAddress> mixed = Stream.of("127.0.0.1", "198.41.0.4", "10.0.0.1", "2001:500:2::c")
                .map(InetAddresses::parse)
                .toList();

        assertThat(KeySetFetcher.usable(false, mixed))
                .containsExactly(InetAddresses.parse("198.41.0.4"), InetAddresses.parse("2001:500:2::c"));
        assertThat(KeySetFetcher.usable(true, mixed)).isEqualTo(mixed);
    }

    @Test
    void otherPortsNeedTheFlag() throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.ok("{}"))) {
            String uri = "https://" + HOST + ":" + server.port();
            Map<String, List<String>> names = Map.of(HOST, List.of("127.0.0.1"));
            Failed forbidden = new Failed(
                    Reason.FORBIDDEN,
                    "only port 443 is allowed, unless the operator's flag --jwks-allowed-hosts names the host with its"
                            + " port");

            assertThat(fetch(uri, names, AllowedHosts.NONE, PATIENT)).isEqualTo(forbidden);
            assertThat(fetch(uri, names, AllowedHosts.of(List.of(HOST)), PATIENT))
                    .isEqualTo(forbidden);
            assertThat(fetch(uri, names, AllowedHosts.of(List.of("idp.example.com:" + server.port())), PATIENT))
                    .isEqualTo(new Answered("{}", null));
        }
    }

    @Test
    void connectsToWhatWasLookedUpOnceAndTriesTheNextAddress() throws Exception {
        try (NastyServer server = new NastyServer(sound, NastyServer.ok("{}"))) {
            assertThat(fetch(
                            "https://" + HOST + ":" + server.port(),
                            Map.of(HOST, List.of("127.0.0.2", "127.0.0.1")),
                            AllowedHosts.of(List.of(HOST + ":" + server.port())),
                            PATIENT))
                    .isEqualTo(new Answered("{}", null));
            assertThat(lookedUp).containsExactly(HOST);
        }
    }

    @Test
    void aHostWithoutAddressOrListenerIsUnreachable() throws Exception {
        AllowedHosts allowed = AllowedHosts.of(List.of(HOST + ":1"));

        assertThat(fetch("https://" + HOST, Map.of(), AllowedHosts.NONE, PATIENT))
                .isEqualTo(new Failed(Reason.UNREACHABLE, "the name of the host has no address"));
        assertThat(fetch("https://" + HOST + ":1", Map.of(HOST, List.of("127.0.0.1")), allowed, PATIENT))
                .isEqualTo(new Failed(Reason.UNREACHABLE, "the host does not accept connections"));
    }
}
