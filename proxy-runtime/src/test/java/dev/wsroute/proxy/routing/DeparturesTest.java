package dev.wsroute.proxy.routing;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.Documents.slices;
import static dev.wsroute.proxy.testkit.Endpoints.key;
import static dev.wsroute.proxy.testkit.Endpoints.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.proxy.discovery.EndpointSet;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.CloseReason;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.testkit.FakeConnection;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.RecordingShedder;
import dev.wsroute.proxy.testkit.RecordingShedder.Shed;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeparturesTest {

    private static final SourceKey CHAT = new SourceKey.Slices("apps", "chat", "ws");
    private static final SourceKey OTHER = new SourceKey.Slices("apps", "other", "ws");

    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final RecordingShedder shedder = new RecordingShedder();
    private final ManualScheduler control = new ManualScheduler();
    private final Departures departures = new Departures(connections, shedder, control);

    @Test
    void only_the_connections_of_the_leaving_endpoint_are_shed_over_their_rules_window() {
        departures.applied(config(route(
                "r",
                List.of(),
                rule("slow", List.of(), null, Duration.ofSeconds(30), slices("chat")),
                rule("fast", List.of(), null, Duration.ofSeconds(3), slices("chat")))));
        FakeConnection slow = open("r", "slow", "chat", "one");
        FakeConnection fast = open("r", "fast", "chat", "one");
        open("r", "slow", "chat", "two");

        departures.leaving(CHAT, key("one"));

        assertThat(shedder.calls())
                .containsExactlyInAnyOrder(
                        new Shed(List.of(slow), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(30)),
                        new Shed(List.of(fast), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(3)));
    }

    @Test
    void an_endpoint_that_leaves_one_service_keeps_the_connections_made_through_another() {
        departures.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat"), slices("other")))));
        open("r", "all", "other", "one");

        departures.leaving(CHAT, key("one"));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void an_endpoint_that_leaves_a_rules_backend_keeps_the_connections_of_another_rules_backend_of_that_name() {
        departures.applied(config(route(
                "r",
                List.of(),
                rule("live", List.of(), slices("chat")),
                rule(
                        "health",
                        List.of(),
                        new BackendConfig("service/chat:ws", 1, slices("other").endpointSlices(), null)))));
        open("r", "live", "chat", "one");

        departures.leaving(OTHER, key("one"));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void a_removed_route_sheds_its_connections_over_the_proxys_window() {
        departures.applied(config(
                route("stays", List.of("a"), rule("all", List.of(), slices("chat"))),
                route("goes", List.of("b"), rule("all", List.of(), slices("chat")))));
        open("stays", "all", "chat", "one");
        FakeConnection gone = open("goes", "all", "chat", "one");

        departures.applied(config(route("stays", List.of("a"), rule("all", List.of(), slices("chat")))));

        assertThat(shedder.calls())
                .containsExactly(new Shed(List.of(gone), CloseReason.ROUTE_REMOVED, Duration.ofSeconds(60)));
    }

    @Test
    void an_edited_route_sheds_nothing() {
        departures.applied(config(route("r", List.of("a"), rule("all", List.of(), slices("chat")))));
        open("r", "all", "chat", "one");

        departures.applied(config(route("r", List.of("b"), rule("renamed", List.of(), slices("other")))));

        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void a_backend_that_an_edit_took_out_is_watched_while_connections_go_to_it() {
        departures.applied(config(route("r", List.of(), rule("all", List.of(), slices("chat")))));
        FakeConnection old = open("r", "all", "chat", "one");
        departures.applied(config(route("r", List.of(), rule("all", List.of(), slices("other")))));
        assertThat(departures.stillNeeded(Set.of(OTHER))).containsExactlyInAnyOrder(CHAT, OTHER);

        departures.leaving(CHAT, key("one"));
        assertThat(shedder.calls())
                .containsExactly(new Shed(List.of(old), CloseReason.BACKEND_LEAVING, Duration.ofSeconds(20)));

        connections.remove(old);
        assertThat(departures.stillNeeded(Set.of(OTHER))).containsExactly(OTHER);
    }

    @Test
    void connections_that_were_being_opened_when_their_endpoint_left_are_asked_too_and_nobody_twice() {
        departures.applied(config(route(
                "r", List.of(), rule("all", List.of(), slices("chat")), rule("another", List.of(), slices("chat")))));
        FakeConnection early = open("r", "all", "chat", "one");
        departures.leaving(CHAT, key("one"));

        FakeConnection late = new FakeConnection("r", "another", "service/chat:ws", key("one"));
        connections.add(late);
        control.advance(Duration.ofSeconds(30));

        assertThat(shedder.calls()).hasSize(2);
        assertThat(shedder.calls().get(0).connections()).hasSize(1).allMatch(asked -> asked == early);
        assertThat(shedder.calls().get(1).connections()).hasSize(1).allMatch(asked -> asked == late);
    }

    @Test
    void an_endpoint_or_route_that_comes_back_keeps_its_new_connections() {
        var chat = config(route("r", List.of(), rule("all", List.of(), slices("chat"))));
        departures.applied(chat);
        departures.leaving(CHAT, key("one"));
        departures.changed(CHAT, EndpointSet.of(List.of(ready("one"))));
        departures.applied(config());
        departures.applied(chat);

        open("r", "all", "chat", "one");
        control.advance(Duration.ofSeconds(30));

        assertThat(shedder.calls()).isEmpty();
    }

    private FakeConnection open(String route, String rule, String service, String endpoint) {
        FakeConnection connection = new FakeConnection(route, rule, "service/" + service + ":ws", key(endpoint));
        connections.add(connection);
        return connection;
    }
}
