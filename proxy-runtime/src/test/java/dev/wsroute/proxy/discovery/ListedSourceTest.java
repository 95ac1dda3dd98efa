// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig.StaticEndpoint;
import dev.wsroute.proxy.testkit.ManualScheduler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListedSourceTest {

    private static final Duration REFRESH = Duration.ofSeconds(30);

    private final ManualScheduler lookups = new ManualScheduler();
    private final Map<String, String[]> names = new HashMap<>();
    private final List<String> published = new ArrayList<>();
    private List<Endpoint> latest = List.of();

    @Test
    void addressesAreUsedWithoutALookup() {
        start(List.of(new StaticEndpoint("127.0.0.1", 80), new StaticEndpoint("::1", 81)));

        assertThat(published).containsExactly("[0:0:0:0:0:0:0:1:81, 127.0.0.1:80] FINAL");
    }

    @Test
    void aHostNameIsEveryAddressThatItHasOfIpv4WhereThereIsOne() {
        names.put("chat", new String[] {"::1", "10.0.0.1", "10.0.0.2"});

        start(List.of(new StaticEndpoint("chat", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80, 10.0.0.2:80] FINAL");
        assertThat(latest).extracting(Endpoint::other).containsOnly(new InetSocketAddress("::1", 80));
    }

    @Test
    void addressesOfBothFamiliesArePairedInWhateverOrderTheyAreAnswered() {
        names.put("chat", new String[] {"fd00::2", "10.0.0.1", "fd00::1", "10.0.0.2"});
        start(List.of(new StaticEndpoint("chat", 80)));
        List<Endpoint> first = latest;

        names.put("chat", new String[] {"10.0.0.2", "fd00::1", "10.0.0.1", "fd00::2"});
        lookups.advance(REFRESH);

        assertThat(first)
                .extracting(Endpoint::other)
                .containsExactly(new InetSocketAddress("fd00::1", 80), new InetSocketAddress("fd00::2", 80));
        assertThat(latest).isEqualTo(first);
    }

    @Test
    void aNameOfIpv6AloneAndAnAddressHaveNoOther() {
        names.put("six", new String[] {"fd00::1", "fd00::2"});

        start(List.of(new StaticEndpoint("six", 80), new StaticEndpoint("10.0.0.9", 80)));

        assertThat(published).containsExactly("[10.0.0.9:80, fd00:0:0:0:0:0:0:1:80, fd00:0:0:0:0:0:0:2:80] FINAL");
        assertThat(latest).extracting(Endpoint::other).containsOnlyNulls();
    }

    @Test
    void eachAddressOfANameIsInTheZoneOfItsEntry() {
        names.put("chat", new String[] {"10.0.0.1", "10.0.0.2"});

        start(List.of(new StaticEndpoint("chat", 80, "here"), new StaticEndpoint("10.0.0.9", 80)));

        assertThat(latest).extracting(endpoint -> endpoint.zones().zone()).containsExactly("here", "here", null);
    }

    @Test
    void aHostNameIsResolvedAgainAndMissingAddressesAreNotAnnouncedAsLeaving() {
        names.put("chat", new String[] {"10.0.0.1"});
        start(List.of(new StaticEndpoint("chat", 80)));

        names.put("chat", new String[] {"10.0.0.2"});
        lookups.advance(REFRESH);

        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "[10.0.0.2:80] UNKNOWN");
    }

    @Test
    void aNameThatCanNoLongerBeLookedUpKeepsItsAddresses() {
        names.put("chat", new String[] {"10.0.0.1"});
        start(List.of(new StaticEndpoint("chat", 80)));

        names.clear();
        lookups.advance(REFRESH);

        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "[10.0.0.1:80] UNKNOWN");
    }

    @Test
    void aNameThatIsUnknownAtFirstIsTriedAgainSoonAndDoesNotHoldUpTheOthers() {
        start(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("10.0.0.9", 80)));
        assertThat(published).containsExactly("[10.0.0.9:80] FINAL");

        names.put("chat", new String[] {"10.0.0.1"});
        lookups.advance(Duration.ofSeconds(3));

        assertThat(published).last().isEqualTo("[10.0.0.1:80, 10.0.0.9:80] UNKNOWN");
    }

    @Test
    void anEditedListIsFinal() {
        ListedSource source = start(List.of(new StaticEndpoint("10.0.0.1", 80), new StaticEndpoint("10.0.0.2", 80)));

        source.update(List.of(new StaticEndpoint("10.0.0.2", 80)));
        source.update(List.of(new StaticEndpoint("10.0.0.2", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80, 10.0.0.2:80] FINAL", "[10.0.0.2:80] FINAL");
    }

    @Test
    void anAddedEndpointDoesNotMakeTheAnswerAboutAKnownNameFinal() {
        names.put("chat", new String[] {"10.0.0.1", "10.0.0.2"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        names.put("chat", new String[] {"10.0.0.1"});
        source.update(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("10.0.0.9", 80)));

        assertThat(published)
                .containsExactly(
                        "[10.0.0.1:80, 10.0.0.2:80] FINAL",
                        "[10.0.0.1:80, 10.0.0.2:80, 10.0.0.9:80] FINAL",
                        "[10.0.0.1:80, 10.0.0.9:80] UNKNOWN");
    }

    @Test
    void aFailedLookUpAfterAnEditKeepsWhatIsKnownAndTakesOutOnlyWhatTheEditDid() {
        names.put("chat", new String[] {"10.0.0.1"});
        names.put("feed", new String[] {"10.0.0.5"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("feed", 80)));

        names.clear();
        source.update(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("new", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80, 10.0.0.5:80] FINAL", "[10.0.0.1:80] FINAL");
    }

    @Test
    void aNewListOfWhichNoNameCanBeLookedUpTakesNothingOutUntilOneCan() {
        names.put("chat", new String[] {"10.0.0.1"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        source.update(List.of(new StaticEndpoint("feed", 80)));
        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "nothing");
        names.put("feed", new String[] {"10.0.0.5"});
        lookups.advance(Duration.ofSeconds(3));

        assertThat(published).last().isEqualTo("[10.0.0.5:80] FINAL");
    }

    @Test
    void aNameThatIsNotLookedUpYetDoesNotEmptyTheList() {
        names.put("chat", new String[] {"10.0.0.1"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        names.put("feed", new String[] {"10.0.0.5"});
        source.update(List.of(new StaticEndpoint("feed", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "[10.0.0.5:80] FINAL");
    }

    @Test
    void nothingIsPublishedAfterTheEnd() {
        names.put("chat", new String[] {"10.0.0.1"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        source.close();
        lookups.advance(REFRESH.multipliedBy(3));

        assertThat(published).hasSize(1);
    }

    private ListedSource start(List<StaticEndpoint> endpoints) {
        ListedSource source = new ListedSource(endpoints, lookups, this::resolve);
        source.start(new EndpointSource.EndpointSink() {
            @Override
            public void publish(Collection<Endpoint> found, Absence absence) {
                latest = EndpointSet.of(found).endpoints();
                published.add(latest.stream()
                                .map(endpoint -> endpoint.key().toString())
                                .toList()
                        + " " + absence);
            }

            @Override
            public void nothingKnown() {
                published.add("nothing");
            }
        });
        return source;
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        String[] addresses = names.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        InetAddress[] resolved = new InetAddress[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            resolved[i] = InetAddress.getByName(addresses[i]);
        }
        return resolved;
    }
}
