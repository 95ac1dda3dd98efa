package dev.wsroute.proxy.config;

import static dev.wsroute.proxy.testkit.Documents.config;
import static dev.wsroute.proxy.testkit.Documents.listed;
import static dev.wsroute.proxy.testkit.Documents.route;
import static dev.wsroute.proxy.testkit.Documents.rule;
import static dev.wsroute.proxy.testkit.Documents.slices;
import static dev.wsroute.proxy.testkit.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.config.BackendConfig;
import dev.wsroute.config.ClientAddressConfig;
import dev.wsroute.config.ClientAddressConfig.ProxyProtocol;
import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.LimitsConfig;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyConfig;
import dev.wsroute.config.ProxyConfigParser.Format;
import dev.wsroute.config.ProxyConfigParser.Parsed;
import dev.wsroute.proxy.balance.Balancing;
import dev.wsroute.proxy.discovery.Absence;
import dev.wsroute.proxy.discovery.Endpoint;
import dev.wsroute.proxy.discovery.EndpointDirectory;
import dev.wsroute.proxy.discovery.EndpointKey;
import dev.wsroute.proxy.discovery.EndpointSource;
import dev.wsroute.proxy.discovery.ListedSource;
import dev.wsroute.proxy.discovery.SourceKey;
import dev.wsroute.proxy.drain.ConnectionRegistry;
import dev.wsroute.proxy.drain.Departures;
import dev.wsroute.proxy.routing.ActiveRule;
import dev.wsroute.proxy.routing.EndpointLease;
import dev.wsroute.proxy.session.SessionKeys;
import dev.wsroute.proxy.snapshot.LiveSnapshot;
import dev.wsroute.proxy.snapshot.Snapshot;
import dev.wsroute.proxy.testkit.Endpoints;
import dev.wsroute.proxy.testkit.Facts;
import dev.wsroute.proxy.testkit.FakeConnection;
import dev.wsroute.proxy.testkit.ManualScheduler;
import dev.wsroute.proxy.testkit.RecordingShedder;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigApplierTest {

    private static final SourceKey LISTED = new SourceKey.Listed("r", "x", "a");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualScheduler control = new ManualScheduler();
    private final Map<SourceKey, FakeSource> sources = new HashMap<>();
    private final EndpointDirectory directory =
            new EndpointDirectory(this::source, control, Duration.ofMillis(500), PATIENCE, Map.of());
    private final Balancing balancing = new Balancing((route, backend, endpoint, time) -> {});
    private final SessionKeys sessionKeys = new SessionKeys(
            control,
            key -> {
                throw new AssertionError("no document names a key");
            },
            key -> {},
            key -> {},
            null);
    private final LiveSnapshot snapshot = new LiveSnapshot(Snapshot.EMPTY);
    private final ConnectionRegistry connections = new ConnectionRegistry();
    private final RecordingShedder shedder = new RecordingShedder();
    private final Departures departures = new Departures(connections, shedder, control);
    private final FakeListeners listeners = new FakeListeners();
    private final List<String> outcomes = new CopyOnWriteArrayList<>();
    private final ConfigApplier applier = new ConfigApplier(
            control, directory, balancing, sessionKeys, snapshot, departures, listeners, 1000, Duration.ofSeconds(1));

    ConfigApplierTest() {
        directory.addListener(balancing);
        directory.addListener(departures);
        connections.addListener(departures::opened);
        applier.addListener(new ConfigListener() {
            @Override
            public void applied(Parsed parsed, ConfigText text) {
                ConfigVersion version = parsed.config().version();
                outcomes.add("applied " + (version == null ? "-" : version.generation()));
            }

            @Override
            public void refused(@Nullable ConfigVersion version, String reason, Cause cause) {
                outcomes.add(cause + " " + (version == null ? "-" : version.generation()) + ": " + reason);
            }
        });
    }

    @Test
    void a_document_is_served_once_it_is_applied() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        assertThat(applier.ready().toCompletableFuture()).isDone();
    }

    @Test
    void a_bad_document_is_refused_whole_and_the_good_one_stays() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", -1, "10.0.0.2:80"))))));
        applier.offer(new ConfigText("{\"listeners\":[", Format.JSON, false));

        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        assertThat(outcomes.get(1))
                .isEqualTo("INVALID 2: routes[0].rules[0].backends[0].weight must be between 0 and 1000000, got -1");
        assertThat(outcomes.get(2)).startsWith("INVALID -: The document is not valid JSON");
    }

    @Test
    void a_document_with_more_connections_than_the_memory_has_room_for_is_refused_and_the_good_one_stays() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(
                2,
                ProxyConfig.named("test")
                        .listeners(config().listeners())
                        .limits(new LimitsConfig(1001, null, null, null, null, null, null, null, null))
                        .build()));

        assertThat(outcomes.get(1))
                .isEqualTo(
                        "INVALID 2: limits.connectionsPerProxy is 1001, but the heap of this proxy has room for 1000:"
                                + " give it more memory, or set at most that many");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
    }

    @Test
    void the_same_document_again_after_a_bad_one_clears_the_refusal() {
        ConfigText good = text(1, config(route("r", List.of(), rule("all", List.of()))));
        applier.offer(good);
        applier.offer(good);
        applier.offer(new ConfigText("{", Format.JSON, false));

        applier.offer(good);

        assertThat(outcomes).hasSize(3).last().isEqualTo("applied 1");
        assertThat(listeners.applied).hasSize(1);
    }

    @Test
    void a_socket_that_cannot_be_opened_refuses_the_document() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));
        listeners.failure = "the port is taken";

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.2:80"))))));

        assertThat(outcomes).containsExactly("applied 1", "LISTENER 2: the port is taken");
        assertThat(Objects.requireNonNull(applier.current()).version().generation())
                .isEqualTo(1);
    }

    @Test
    void a_document_that_comes_while_the_proxy_shuts_down_is_neither_applied_nor_refused() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.freeze();
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.2:80"))))));
        applier.offer(new ConfigText("{", Format.JSON, false));

        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
    }

    @Test
    void a_shutdown_amid_a_document_is_no_refusal_of_it() {
        listeners.failure = "the proxy shuts down";
        listeners.onPrepare = applier::freeze;
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of())))));

        listeners.onPrepare = () -> {
            applier.freeze();
            throw new RejectedExecutionException();
        };
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of())))));

        assertThat(outcomes).isEmpty();
    }

    @Test
    void sockets_accept_once_all_of_the_document_is_in_force() {
        ProxyConfig strict = ProxyConfig.named("p")
                .listeners(List.of(new ListenerConfig("http", null, 8080, null)))
                .clientAddress(new ClientAddressConfig(List.of("10.0.0.0/8"), ProxyProtocol.Require))
                .routes(List.of(route("r", List.of(), rule("all", List.of()))))
                .build();

        applier.offer(text(1, strict));

        assertThat(listeners.bound).containsExactly(Snapshot.EMPTY);
        assertThat(listeners.accepting).hasSize(1);
        Snapshot accepted = listeners.accepting.get(0);
        assertThat(accepted.terms().trust().proxyProtocol()).isEqualTo(ProxyProtocol.Require);
        assertThat(accepted.router().route(new Facts("any", "/"))).isNotNull();
    }

    @Test
    void a_socket_that_cannot_be_opened_is_tried_again_with_growing_pauses_and_told_once() {
        listeners.failure = "the port is taken";
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        control.advance(Duration.ofSeconds(16));
        assertThat(listeners.attempts).isEqualTo(5);
        control.advance(Duration.ofMinutes(10));
        assertThat(listeners.attempts).isBetween(24, 26);
        listeners.failure = null;
        control.advance(Duration.ofSeconds(30));

        assertThat(outcomes).containsExactly("LISTENER 1: the port is taken", "applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        control.advance(Duration.ofMinutes(10));
        assertThat(listeners.applied).hasSize(1);
    }

    @Test
    void a_refusal_is_told_in_bounded_words_whatever_the_document_quotes() {
        listeners.failure = "x".repeat(1_000_000);

        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of())))));

        assertThat(outcomes).singleElement().asString().hasSizeLessThan(2600);
    }

    @Test
    void a_newer_document_ends_the_attempts_for_the_one_before() {
        ConfigText good = text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80")))));
        applier.offer(good);
        listeners.failure = "the port is taken";
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.2:80"))))));
        listeners.failure = null;

        applier.offer(good);
        control.advance(Duration.ofMinutes(10));

        assertThat(outcomes).containsExactly("applied 1", "LISTENER 2: the port is taken", "applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
    }

    @Test
    void a_route_to_a_new_service_is_not_swapped_in_before_its_endpoints_are_known() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        found("chat", Endpoints.ready("pod"));

        assertThat(outcomes).containsExactly("applied 1", "applied 2");
        assertThat(target("any", "/")).isEqualTo("pod:80");
    }

    @Test
    void a_service_whose_slices_are_not_made_yet_is_waited_for() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), listed("a", 1, "10.0.0.1:80"))))));

        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));
        Objects.requireNonNull(fake("chat").sink).nothingKnown();
        assertThat(outcomes).containsExactly("applied 1");
        assertThat(target("any", "/")).isEqualTo("10.0.0.1:80");
        found("chat", Endpoints.ready("pod"));

        assertThat(outcomes).containsExactly("applied 1", "applied 2");
        assertThat(target("any", "/")).isEqualTo("pod:80");
    }

    @Test
    void a_proxy_whose_services_have_no_slices_becomes_ready_after_a_while() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));
        Objects.requireNonNull(fake("chat").sink).nothingKnown();
        Awaitility.await().untilAsserted(() -> assertThat(outcomes).containsExactly("applied 1"));
        assertThat(applier.ready().toCompletableFuture()).isNotDone();

        control.advance(PATIENCE);

        assertThat(applier.ready().toCompletableFuture()).isDone();
    }

    @Test
    void endpoints_that_never_become_known_hold_a_document_up_only_for_a_while() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), slices("chat"))))));

        Awaitility.await().untilAsserted(() -> assertThat(outcomes).containsExactly("applied 1"));
        assertThat(applier.ready().toCompletableFuture()).isNotDone();
        assertThat(target("any", "/")).isNull();

        found("chat");
        assertThat(applier.ready().toCompletableFuture()).isDone();
    }

    @Test
    void of_documents_that_wait_the_newest_wins() {
        applier.offer(text(1, config(route("r", List.of(), rule("all", List.of(), slices("old"))))));
        applier.offer(text(2, config(route("r", List.of(), rule("all", List.of(), slices("new"))))));

        found("new", Endpoints.ready("n"));
        found("old", Endpoints.ready("o"));

        assertThat(outcomes).containsExactly("applied 2");
        assertThat(target("any", "/")).isEqualTo("n:80");
    }

    @Test
    void services_are_watched_once_and_let_go_when_no_rule_needs_them() {
        ProxyConfig both = config(
                route("r", List.of("a"), rule("x", List.of(), slices("chat")), rule("y", List.of(), slices("other"))),
                route("s", List.of("b"), rule("x", List.of(), slices("chat"))));
        applier.offer(text(1, both));
        found("chat");
        found("other");
        FakeSource chat = fake("chat");
        FakeSource other = fake("other");

        applier.offer(text(2, config(route("r", List.of("a"), rule("x", List.of(), slices("chat"))))));

        assertThat(fake("chat")).isSameAs(chat);
        assertThat(chat.closed).isFalse();
        assertThat(other.closed).isTrue();
    }

    @Test
    void a_service_with_connections_is_watched_until_they_are_gone() {
        applier.offer(text(1, config(route("r", List.of(), rule("x", List.of(), slices("chat"))))));
        found("chat", Endpoints.ready("pod"));
        EndpointLease live = Objects.requireNonNull(
                Objects.requireNonNull(snapshot.get().router().route(new Facts("any", "/")))
                        .endpoints()
                        .select(new Facts("any", "/"), Set.of()));

        applier.offer(text(2, config(route("r", List.of(), rule("x", List.of(), listed("a", 1, "10.0.0.1:80"))))));
        assertThat(fake("chat").closed).isFalse();
        live.release();
        applier.letGo();

        assertThat(fake("chat").closed).isTrue();
        assertThat(shedder.calls()).isEmpty();
    }

    @Test
    void an_endpoint_taken_out_of_the_document_has_its_connections_shed_and_no_other() {
        applier.offer(text(
                1, config(route("r", List.of(), rule("x", List.of(), listed("a", 1, "10.0.0.1:80", "10.0.0.2:80"))))));
        FakeConnection goes = new FakeConnection("r", "x", LISTED, new EndpointKey("10.0.0.1", 80));
        connections.add(goes);
        connections.add(new FakeConnection("r", "x", LISTED, new EndpointKey("10.0.0.2", 80)));

        applier.offer(text(2, config(route("r", List.of(), rule("x", List.of(), listed("a", 1, "10.0.0.2:80"))))));

        assertThat(shedder.calls()).hasSize(1);
        assertThat(shedder.calls().get(0).connections()).containsExactly(goes);
    }

    private @Nullable String target(String host, String path) {
        ActiveRule rule = snapshot.get().router().route(new Facts(host, path));
        EndpointLease lease = rule == null ? null : rule.endpoints().select(new Facts(host, path), Set.of());
        return lease == null ? null : lease.endpoint().key().toString();
    }

    private EndpointSource source(SourceKey key, BackendConfig backend) {
        if (backend.endpoints() != null) {
            return new ListedSource(backend.endpoints(), control, InetAddress::getAllByName);
        }
        FakeSource source = new FakeSource();
        sources.put(key, source);
        return source;
    }

    private FakeSource fake(String service) {
        return Objects.requireNonNull(sources.get(new SourceKey.Slices("apps", service, "ws")));
    }

    private void found(String service, Endpoint... endpoints) {
        Objects.requireNonNull(fake(service).sink).publish(List.of(endpoints), Absence.TO_CONFIRM);
    }

    private static final class FakeSource implements EndpointSource {

        private @Nullable Sink sink;
        private boolean closed;

        @Override
        public void start(Sink to) {
            sink = to;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final class FakeListeners implements Listeners {

        private final List<List<ListenerConfig>> applied = new ArrayList<>();
        private final List<Snapshot> bound = new ArrayList<>();
        private final List<Snapshot> accepting = new ArrayList<>();
        private int attempts;
        private @Nullable String failure;
        private Runnable onPrepare = () -> {};

        @Override
        public Change prepare(List<ListenerConfig> wanted) throws IOException {
            attempts++;
            onPrepare.run();
            if (failure != null) {
                throw new IOException(failure);
            }
            bound.add(snapshot.get());
            return new Change() {
                @Override
                public void complete() {
                    applied.add(wanted);
                    accepting.add(snapshot.get());
                }

                @Override
                public void abandon() {
                    throw new AssertionError("nothing fails behind the sockets");
                }
            };
        }
    }
}
