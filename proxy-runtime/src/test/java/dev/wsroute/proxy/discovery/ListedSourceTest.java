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
    void addresses_are_taken_as_they_are_without_a_look_up() {
        start(List.of(new StaticEndpoint("127.0.0.1", 80), new StaticEndpoint("::1", 81)));

        assertThat(published).containsExactly("[0:0:0:0:0:0:0:1:81, 127.0.0.1:80] FINAL");
    }

    @Test
    void a_host_name_is_every_address_that_it_has_of_ipv4_where_there_is_one() {
        names.put("chat", new String[] {"::1", "10.0.0.1", "10.0.0.2"});

        start(List.of(new StaticEndpoint("chat", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80, 10.0.0.2:80] FINAL");
        assertThat(latest).extracting(Endpoint::other).containsOnly(new InetSocketAddress("::1", 80));
    }

    @Test
    void addresses_of_both_families_are_paired_in_whatever_order_they_are_answered() {
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
    void a_name_of_ipv6_alone_and_an_address_have_no_other() {
        names.put("six", new String[] {"fd00::1", "fd00::2"});

        start(List.of(new StaticEndpoint("six", 80), new StaticEndpoint("10.0.0.9", 80)));

        assertThat(published).containsExactly("[10.0.0.9:80, fd00:0:0:0:0:0:0:1:80, fd00:0:0:0:0:0:0:2:80] FINAL");
        assertThat(latest).extracting(Endpoint::other).containsOnlyNulls();
    }

    @Test
    void a_host_name_is_looked_up_again_and_what_it_no_longer_names_is_not_said_to_leave() {
        names.put("chat", new String[] {"10.0.0.1"});
        start(List.of(new StaticEndpoint("chat", 80)));

        names.put("chat", new String[] {"10.0.0.2"});
        lookups.advance(REFRESH);

        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "[10.0.0.2:80] UNKNOWN");
    }

    @Test
    void a_name_that_can_no_longer_be_looked_up_keeps_its_addresses() {
        names.put("chat", new String[] {"10.0.0.1"});
        start(List.of(new StaticEndpoint("chat", 80)));

        names.clear();
        lookups.advance(REFRESH);

        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "[10.0.0.1:80] UNKNOWN");
    }

    @Test
    void a_name_that_is_unknown_at_first_is_tried_again_soon_and_does_not_hold_up_the_others() {
        start(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("10.0.0.9", 80)));
        assertThat(published).containsExactly("[10.0.0.9:80] FINAL");

        names.put("chat", new String[] {"10.0.0.1"});
        lookups.advance(Duration.ofSeconds(3));

        assertThat(published).last().isEqualTo("[10.0.0.1:80, 10.0.0.9:80] UNKNOWN");
    }

    @Test
    void an_edited_list_is_final() {
        ListedSource source = start(List.of(new StaticEndpoint("10.0.0.1", 80), new StaticEndpoint("10.0.0.2", 80)));

        source.update(List.of(new StaticEndpoint("10.0.0.2", 80)));
        source.update(List.of(new StaticEndpoint("10.0.0.2", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80, 10.0.0.2:80] FINAL", "[10.0.0.2:80] FINAL");
    }

    @Test
    void an_added_endpoint_does_not_make_the_answer_about_a_known_name_final() {
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
    void a_failed_look_up_after_an_edit_keeps_what_is_known_and_takes_out_only_what_the_edit_did() {
        names.put("chat", new String[] {"10.0.0.1"});
        names.put("feed", new String[] {"10.0.0.5"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("feed", 80)));

        names.clear();
        source.update(List.of(new StaticEndpoint("chat", 80), new StaticEndpoint("new", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80, 10.0.0.5:80] FINAL", "[10.0.0.1:80] FINAL");
    }

    @Test
    void a_new_list_of_which_no_name_can_be_looked_up_takes_nothing_out_until_one_can() {
        names.put("chat", new String[] {"10.0.0.1"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        source.update(List.of(new StaticEndpoint("feed", 80)));
        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "nothing");
        names.put("feed", new String[] {"10.0.0.5"});
        lookups.advance(Duration.ofSeconds(3));

        assertThat(published).last().isEqualTo("[10.0.0.5:80] FINAL");
    }

    @Test
    void a_name_that_is_not_looked_up_yet_does_not_empty_the_list() {
        names.put("chat", new String[] {"10.0.0.1"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        names.put("feed", new String[] {"10.0.0.5"});
        source.update(List.of(new StaticEndpoint("feed", 80)));

        assertThat(published).containsExactly("[10.0.0.1:80] FINAL", "[10.0.0.5:80] FINAL");
    }

    @Test
    void nothing_is_published_after_the_end() {
        names.put("chat", new String[] {"10.0.0.1"});
        ListedSource source = start(List.of(new StaticEndpoint("chat", 80)));

        source.close();
        lookups.advance(REFRESH.multipliedBy(3));

        assertThat(published).hasSize(1);
    }

    private ListedSource start(List<StaticEndpoint> endpoints) {
        ListedSource source = new ListedSource(endpoints, lookups, this::resolve);
        source.start(new EndpointSource.Sink() {
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
