// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.ScriptedApi;
import dev.wsroute.proxy.testkit.Slices;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SliceSourceTest {

    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/apps/endpointslices?";
    private static final String ELSEWHERE = SLICES.replace("apps", "shared");
    private static final String SELECTOR = "labelSelector=kubernetes.io%2Fservice-name%3Dchat";

    private static final String EXPIRED =
            "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old resource version\"}";

    private final ScriptedApi api = new ScriptedApi();
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final SliceSource source = new SliceSource(
            api.client(), new SourceKey.Slices("apps", "chat", "ws"), worker, SliceMergeTest.ANY, false);

    @AfterEach
    void stop() {
        source.close();
        worker.shutdownNow();
        api.close();
    }

    @Test
    void aListMeansNothingByWhatItLacksAndAnEventDoes() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1 b@10.0.0.2");
        watch("1", modified("2", "ws=80 | a@10.0.0.1"), deleted("3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80, b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80] TO_CONFIRM");
        assertThat(next()).isEqualTo("[] TO_CONFIRM");
    }

    @Test
    void slicesAddedByEventsAreMergedWithThoseListed() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1");
        watch("1", event("ADDED", "t", "2", "ws=80 | b@10.0.0.2"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80, b:80] TO_CONFIRM");
    }

    @Test
    void aWatchThatIsTooOldEndsInANewList() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1 b@10.0.0.2");
        watch("1", ScriptedApi.event("ERROR", EXPIRED));
        list(200, "9", "ws=80 | a@10.0.0.1");
        watch("9", modified("10", "ws=80 | a@10.0.0.1 c@10.0.0.3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80, b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80, c:80] TO_CONFIRM");
    }

    @Test
    void aWatchThatIsRefusedAsTooOldEndsInANewList() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1");
        api.answer("GET " + watchFrom("1"), 410, EXPIRED);
        list(200, "9", "ws=80 | b@10.0.0.2");
        watch("9");

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[b:80] UNKNOWN");
    }

    @Test
    void aListWithoutAnySliceIsLossOfNews() throws Exception {
        list(200, "1");
        watch("1", event("ADDED", "s", "2", "ws=80 | a@10.0.0.1"));

        source.start(sink());

        assertThat(next()).isEqualTo("nothing");
        assertThat(next()).isEqualTo("[a:80] TO_CONFIRM");
    }

    @Test
    void zonesAndHintsAreReadAndTheirChangeIsNews() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1#here");
        watch("1", modified("2", "ws=80 | a@10.0.0.1#here>there"));
        BlockingQueue<String> zones = new LinkedBlockingQueue<>();

        source.start(new EndpointSource.EndpointSink() {
            @Override
            public void publish(Collection<Endpoint> endpoints, Absence absence) {
                endpoints.forEach(endpoint ->
                        zones.add(endpoint.zones().zone() + endpoint.zones().hints()));
            }

            @Override
            public void nothingKnown() {
                zones.add("nothing");
            }
        });

        assertThat(zones.poll(60, TimeUnit.SECONDS)).isEqualTo("here[]");
        assertThat(zones.poll(60, TimeUnit.SECONDS)).isEqualTo("here[there]");
    }

    @Test
    void aSliceWithoutEndpointsIsNews() throws Exception {
        list(200, "1", "ws=80 |");
        watch("1");

        source.start(sink());

        assertThat(next()).isEqualTo("[] UNKNOWN");
    }

    @Test
    void anApiThatFailsIsAskedAgainUntilItAnswers() throws Exception {
        list(500, "1");
        list(403, "1");
        list(200, "1", "ws=80 | a@10.0.0.1");
        watch("1");

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
    }

    @Test
    void aRefusalInAnotherNamespaceIsAnAnswerWithoutNewsUntilItIsAllowed() throws Exception {
        api.list(ELSEWHERE + SELECTOR, 403, "1", List.of());
        api.list(ELSEWHERE + SELECTOR, 403, "1", List.of());
        api.list(ELSEWHERE + SELECTOR, 200, "2", List.of(Slices.json(Slices.slice("s", "ws=80 | b@10.0.0.2"), "1")));
        list(200, "1", "ws=80 | a@10.0.0.1");
        watch("1");

        try (SliceSource elsewhere = new SliceSource(
                api.client(), new SourceKey.Slices("shared", "chat", "ws"), worker, SliceMergeTest.ANY, true)) {
            elsewhere.start(sink());

            assertThat(next()).isEqualTo("nothing");
            source.start(sink());
            assertThat(List.of(next(), next())).containsExactlyInAnyOrder("[a:80] UNKNOWN", "[b:80] UNKNOWN");
        }
    }

    @Test
    void aRightThatIsWithdrawnIsNoChange() throws Exception {
        api.list(ELSEWHERE + SELECTOR, 200, "2", List.of(Slices.json(Slices.slice("s", "ws=80 | b@10.0.0.2"), "1")));
        api.answer("GET " + watchFrom("2").replace(SLICES, ELSEWHERE), 403, "{}");
        api.list(ELSEWHERE + SELECTOR, 403, "3", List.of());
        api.list(ELSEWHERE + SELECTOR, 200, "4", List.of(Slices.json(Slices.slice("s", "ws=80 | c@10.0.0.3"), "1")));

        try (SliceSource elsewhere = new SliceSource(
                api.client(), new SourceKey.Slices("shared", "chat", "ws"), worker, SliceMergeTest.ANY, true)) {
            elsewhere.start(sink());

            assertThat(next()).isEqualTo("[b:80] UNKNOWN");
            assertThat(next()).isEqualTo("nothing");
            assertThat(next()).isEqualTo("[c:80] UNKNOWN");
        }
    }

    @Test
    void aWatchThatIsRefusedEndsInANewList() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1");
        // The watch is refused, since no response is prepared for it.
        list(200, "5", "ws=80 | b@10.0.0.2");
        watch("5", modified("6", "ws=80 | c@10.0.0.3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[c:80] TO_CONFIRM");
    }

    @Test
    void aWatchThatEndsResumesFromTheLastEventWithoutAList() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1 b@10.0.0.2");
        api.watchThatEnds(watchFrom("1"), modified("2", "ws=80 | a@10.0.0.1") + bookmark("7"));
        watch("7", deleted("8"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80, b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80] TO_CONFIRM");
        assertThat(next()).isEqualTo("[] TO_CONFIRM");
    }

    @Test
    void halfAnEventIsAskedForAgain() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1");
        String half = modified("3", "ws=80 | c@10.0.0.3").substring(0, 40);
        api.watchThatEnds(watchFrom("1"), modified("2", "ws=80 | b@10.0.0.2") + half);
        watch("2", modified("3", "ws=80 | c@10.0.0.3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[b:80] TO_CONFIRM");
        assertThat(next()).isEqualTo("[c:80] TO_CONFIRM");
    }

    @Test
    void aLineThatIsNoEventEndsInANewList() throws Exception {
        list(200, "1", "ws=80 | a@10.0.0.1");
        watch("1", "{\"type\":\n", modified("2", "ws=80 | b@10.0.0.2"));
        list(200, "5", "ws=80 | c@10.0.0.3");
        watch("5");

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[c:80] UNKNOWN");
    }

    private void list(int status, String version, String... specs) {
        List<String> slices = new ArrayList<>();
        for (String spec : specs) {
            slices.add(Slices.json(Slices.slice("s", spec), "1"));
        }
        api.list(SLICES + SELECTOR, status, version, slices);
    }

    private void watch(String from, String... events) {
        api.watch(watchFrom(from), List.of(events));
    }

    private static String watchFrom(String version) {
        return SLICES + "allowWatchBookmarks=true&" + SELECTOR + "&resourceVersion=" + version
                + "&timeoutSeconds=600&watch=true";
    }

    private static String event(String type, String name, String version, String spec) {
        return ScriptedApi.event(type, Slices.json(Slices.slice(name, spec), version));
    }

    private static String modified(String version, String spec) {
        return event("MODIFIED", "s", version, spec);
    }

    private static String deleted(String version) {
        return event("DELETED", "s", version, "ws=80 |");
    }

    private static String bookmark(String version) {
        return ScriptedApi.event("BOOKMARK", "{\"metadata\":{\"resourceVersion\":\"" + version + "\"}}");
    }

    private String next() throws InterruptedException {
        String next = received.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("something received in time").isNotNull();
        return next;
    }

    private EndpointSource.EndpointSink sink() {
        return new EndpointSource.EndpointSink() {
            @Override
            public void publish(Collection<Endpoint> endpoints, Absence absence) {
                received.add(EndpointSet.of(endpoints).endpoints().stream()
                                .map(endpoint -> endpoint.key().toString())
                                .toList()
                        + " " + absence);
            }

            @Override
            public void nothingKnown() {
                received.add("nothing");
            }
        };
    }
}
