package dev.wsroute.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.testkit.MockApi;
import dev.wsroute.proxy.testkit.Slices;
import io.fabric8.kubernetes.api.model.ListMetaBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import java.util.Arrays;
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
    private static final String SELECTOR = "labelSelector=kubernetes.io%2Fservice-name%3Dchat";

    private final MockApi api = new MockApi();
    private final ScheduledExecutorService worker = Executors.newScheduledThreadPool(2);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final SliceSource source =
            new SliceSource(api.client(), new SourceKey.Slices("apps", "chat", "ws"), worker);

    @AfterEach
    void stop() {
        source.close();
        worker.shutdownNow();
        api.close();
    }

    @Test
    void a_list_means_nothing_by_what_it_lacks_and_an_event_does() throws Exception {
        list(200, "1", Slices.slice("s", "ws=80 | a@10.0.0.1 b@10.0.0.2"));
        watch("1", modified("2", "ws=80 | a@10.0.0.1"), deleted("3"));
        // The mock server may close a watch between its events; the client then goes on from the one it has.
        watch("2", deleted("3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80, b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80] TO_CONFIRM");
        assertThat(next()).isEqualTo("[] TO_CONFIRM");
    }

    @Test
    void slices_added_by_events_are_merged_with_those_listed() throws Exception {
        list(200, "1", Slices.slice("s", "ws=80 | a@10.0.0.1"));
        watch("1", new WatchEvent(Slices.slice("t", "ws=80 | b@10.0.0.2"), "ADDED"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80, b:80] TO_CONFIRM");
    }

    @Test
    void a_watch_that_is_too_old_ends_in_a_new_list() throws Exception {
        list(200, "1", Slices.slice("s", "ws=80 | a@10.0.0.1 b@10.0.0.2"));
        watch(
                "1",
                new WatchEvent(
                        new StatusBuilder()
                                .withCode(410)
                                .withReason("Expired")
                                .withMessage("too old resource version")
                                .build(),
                        "ERROR"));
        list(200, "9", Slices.slice("s", "ws=80 | a@10.0.0.1"));
        watch("9", modified("10", "ws=80 | a@10.0.0.1 c@10.0.0.3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80, b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[a:80, c:80] TO_CONFIRM");
    }

    @Test
    void a_list_without_any_slice_is_loss_of_news() throws Exception {
        list(200, "1");
        watch("1", new WatchEvent(Slices.slice("s", "ws=80 | a@10.0.0.1"), "ADDED"));

        source.start(sink());

        assertThat(next()).isEqualTo("nothing");
        assertThat(next()).isEqualTo("[a:80] TO_CONFIRM");
    }

    @Test
    void a_slice_without_endpoints_is_news() throws Exception {
        list(200, "1", Slices.slice("s", "ws=80 |"));
        watch("1");

        source.start(sink());

        assertThat(next()).isEqualTo("[] UNKNOWN");
    }

    @Test
    void an_api_that_fails_is_asked_again_until_it_answers() throws Exception {
        list(500, "1");
        list(403, "1");
        list(200, "1", Slices.slice("s", "ws=80 | a@10.0.0.1"));
        watch("1");

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
    }

    @Test
    void a_watch_that_is_cut_off_ends_in_a_new_list() throws Exception {
        list(200, "1", Slices.slice("s", "ws=80 | a@10.0.0.1"));
        // The watch is refused: nothing is expected for it yet.
        list(200, "5", Slices.slice("s", "ws=80 | b@10.0.0.2"));
        watch("5", modified("6", "ws=80 | c@10.0.0.3"));

        source.start(sink());

        assertThat(next()).isEqualTo("[a:80] UNKNOWN");
        assertThat(next()).isEqualTo("[b:80] UNKNOWN");
        assertThat(next()).isEqualTo("[c:80] TO_CONFIRM");
    }

    private void list(int status, String version, EndpointSlice... slices) {
        EndpointSliceList list = new EndpointSliceList();
        list.setMetadata(new ListMetaBuilder().withResourceVersion(version).build());
        list.setItems(List.of(slices));
        api.server()
                .expect()
                .get()
                .withPath(SLICES + SELECTOR)
                .andReturn(status, list)
                .once();
    }

    private void watch(String from, WatchEvent... events) {
        var emitted = api.server()
                .expect()
                .withPath(SLICES + "allowWatchBookmarks=true&" + SELECTOR + "&resourceVersion=" + from
                        + "&timeoutSeconds=600&watch=true")
                .andUpgradeToWebSocket()
                .open();
        Arrays.stream(events).forEach(event -> emitted.immediately().andEmit(event));
        emitted.done().once();
    }

    private static WatchEvent modified(String version, String spec) {
        EndpointSlice slice = Slices.slice("s", spec);
        slice.getMetadata().setResourceVersion(version);
        return new WatchEvent(slice, "MODIFIED");
    }

    private static WatchEvent deleted(String version) {
        EndpointSlice slice = Slices.slice("s", "ws=80 |");
        slice.getMetadata().setResourceVersion(version);
        return new WatchEvent(slice, "DELETED");
    }

    private String next() throws InterruptedException {
        String next = heard.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("something heard in time").isNotNull();
        return next;
    }

    private EndpointSource.Sink sink() {
        return new EndpointSource.Sink() {
            @Override
            public void publish(Collection<Endpoint> endpoints, Absence absence) {
                heard.add(EndpointSet.of(endpoints).endpoints().stream()
                                .map(endpoint -> endpoint.key().toString())
                                .toList()
                        + " " + absence);
            }

            @Override
            public void nothingKnown() {
                heard.add("nothing");
            }
        };
    }
}
