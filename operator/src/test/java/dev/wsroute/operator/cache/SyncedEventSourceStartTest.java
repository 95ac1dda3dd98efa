// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static dev.wsroute.operator.cache.PagedConfigMaps.COLOUR;
import static dev.wsroute.operator.cache.PagedConfigMaps.PATIENCE;
import static dev.wsroute.operator.cache.PagedConfigMaps.colour;
import static dev.wsroute.operator.cache.PagedConfigMaps.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.javaoperatorsdk.operator.OperatorException;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens while the source starts: changes before its end, and permits for lists. */
@Timeout(60)
class SyncedEventSourceStartTest {

    private final CountDownLatch indexing = new CountDownLatch(3);
    private final CountDownLatch mayIndex = new CountDownLatch(1);
    private final PagedConfigMaps maps = new PagedConfigMaps();

    private SyncedEventSource<ConfigMap> source;

    SyncedEventSourceStartTest() throws IOException {}

    @AfterEach
    void close() {
        mayIndex.countDown();
        maps.close();
    }

    @Test
    void changesDuringStartAreEmittedOnceAtItsEnd() throws Exception {
        source = maps.source(maps.packed);
        CompletableFuture<Void> start = startAndStopWhileIndexing();

        maps.packed.put("ns/two", map("two", "green"));
        atOnce(() -> source.onUpdate(map("two", "blue"), map("two", "green")));
        maps.packed.put("ns/four", map("four", "green"));
        atOnce(() -> source.onAdd(map("four", "green")));
        assertThat(maps.events).isEmpty();
        assertThat(start).isNotDone();

        mayIndex.countDown();
        join(start);
        assertThat(maps.events).containsExactly("two", "four");
        assertThat(namesBy("green")).containsExactlyInAnyOrder("two", "four");
        assertThat(namesBy("blue")).isEmpty();
    }

    @Test
    void noEventOfTheFirstListArrivesAfterTheStart() throws Exception {
        CountDownLatch mayCall = new CountDownLatch(1);
        maps.handlers = call -> maps.threads.execute(() -> {
            PagedConfigMaps.await(mayCall);
            call.run();
        });
        source = maps.source(maps.packed);
        Thread start = new Thread(source::start);

        start.start();
        await().until(() -> isListed() && isWaitingOrOver(start));
        List<String> early = List.copyOf(maps.events);
        boolean over = !start.isAlive();
        mayCall.countDown();
        start.join();

        assertThat(over).as("started before the handlers were called").isFalse();
        assertThat(early).isEmpty();
    }

    private boolean isListed() {
        return !source.informerHealthIndicators().isEmpty()
                && source.informerHealthIndicators().values().stream().allMatch(InformerHealthIndicator::hasSynced);
    }

    private static boolean isWaitingOrOver(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || !thread.isAlive();
    }

    @Test
    void anObjectDeletedDuringStartIsNotFoundAndEmitsNoEvent() throws Exception {
        source = maps.source(maps.packed);
        CompletableFuture<Void> start = startAndStopWhileIndexing();

        maps.packed.remove("ns/two");
        atOnce(() -> source.onDelete(map("two", "blue"), false));
        mayIndex.countDown();
        join(start);

        assertThat(namesBy("blue")).isEmpty();
        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(maps.events).isEmpty();
    }

    @Test
    void aListWaitsForAPermitAndReleasesIt() throws Exception {
        maps.mayList = new CountDownLatch(1);
        maps.lists.acquire();
        source = maps.source(maps.packed);

        CompletableFuture<Void> start = CompletableFuture.runAsync(source::start, maps.threads);
        await().until(maps.lists::hasQueuedThreads);
        assertThat(maps.listing.getCount()).as("lists that have not begun").isEqualTo(1);

        maps.lists.release();
        assertThat(maps.listing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(maps.lists.availablePermits()).isZero();

        maps.mayList.countDown();
        join(start);
        assertThat(maps.lists.availablePermits()).isEqualTo(1);
    }

    @Test
    void aFailedListReleasesItsPermit() {
        maps.listStatus = 403;
        source = maps.source(maps.packed);

        assertThatThrownBy(source::start).isInstanceOf(OperatorException.class);

        assertThat(maps.lists.availablePermits()).isEqualTo(1);
    }

    /** Starts the source and returns while it indexes the last object of the list. */
    private CompletableFuture<Void> startAndStopWhileIndexing() throws InterruptedException {
        source.addIndexers(Map.of(COLOUR, map -> {
            indexing.countDown();
            if (indexing.getCount() == 0) {
                PagedConfigMaps.await(mayIndex);
            }
            return List.of(colour(map));
        }));
        CompletableFuture<Void> start = CompletableFuture.runAsync(source::start, maps.threads);
        assertThat(indexing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return start;
    }

    /** On another thread, like a watch: it fails if the call waits for the start. */
    private void atOnce(Runnable event) {
        join(CompletableFuture.runAsync(event, maps.threads));
    }

    private static void join(CompletableFuture<Void> future) {
        assertThat(future).succeedsWithin(PATIENCE);
    }

    private List<String> namesBy(String colour) {
        return source.byIndex(COLOUR, colour).stream()
                .map(map -> map.getMetadata().getName())
                .toList();
    }
}
