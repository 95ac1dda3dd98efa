// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static dev.wsroute.operator.cache.PagedConfigMaps.COLOUR;
import static dev.wsroute.operator.cache.PagedConfigMaps.colour;
import static dev.wsroute.operator.cache.PagedConfigMaps.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lookups, and events of changes that the tests pass to the source by hand. */
@Timeout(60)
class SyncedEventSourceTest {

    private final PagedConfigMaps maps = new PagedConfigMaps();

    private SyncedEventSource<ConfigMap> source;

    SyncedEventSourceTest() throws IOException {}

    @AfterEach
    void close() {
        maps.close();
    }

    @Test
    void theFirstListIsIndexedAfterStartWithoutEvents() {
        source = maps.source(maps.packed);
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));

        source.start();

        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(namesBy("blue")).containsExactly("two");
        assertThat(namesBy("green")).isEmpty();
        assertThat(maps.events).isEmpty();
    }

    @Test
    void theFirstListEmitsNoEventsFromAStoreThatDefersThemEither() {
        source = maps.source(new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));

        source.start();

        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(maps.events).isEmpty();
    }

    @Test
    void anObjectIsCompleteWhenItIsFound() {
        source = maps.source(maps.packed);
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));

        source.start();

        assertThat(source.byIndex(COLOUR, "blue"))
                .singleElement()
                .satisfies(map -> assertThat(map.getData()).containsEntry("key", "value"));
    }

    @Test
    void anObjectThatCannotBeProcessedIsSkippedAndTheOthersAreFound() {
        source = maps.source(maps.packed);
        source.addIndexers(Map.of(COLOUR, map -> {
            if (map.getMetadata().getName().equals("two")) {
                throw new StackOverflowError("of two");
            }
            return List.of(colour(map));
        }));

        source.start();
        source.onUpdate(map("two", "red"), map("two", "blue"));
        source.onDelete(map("two", "blue"), false);
        maps.packed.put("ns/four", map("four", "red"));
        source.onAdd(map("four", "red"));

        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three", "four");
        assertThat(maps.events).containsExactly("four");
    }

    @Test
    void aPartialObjectIsReadFromTheApiOnAccess() {
        source = maps.source(maps.packed);
        source.start();
        maps.packed.put(
                "ns/two",
                new ConfigMapBuilder(map("two", "blue"))
                        .withData(null)
                        .editMetadata()
                        .addToAnnotations(PartialObject.ANNOTATION, "true")
                        .endMetadata()
                        .build());

        assertThat(source.get(new ResourceID("two", "ns")))
                .hasValueSatisfying(map -> assertThat(map.getData()).containsEntry("read", "whole"));
        assertThat(source.get(new ResourceID("one", "ns")))
                .hasValueSatisfying(map -> assertThat(map.getData()).doesNotContainKey("read"));
    }

    @Test
    void changesAfterStartEmitEvents() {
        source = maps.source(maps.packed);
        source.addIndexers(Map.of(COLOUR, map -> List.of(colour(map))));
        source.start();

        maps.packed.put("ns/four", map("four", "red"));
        source.onAdd(map("four", "red"));
        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three", "four");
        assertThat(maps.events).containsExactly("four");

        maps.packed.put("ns/four", map("four", "blue"));
        source.onUpdate(map("four", "red"), map("four", "blue"));
        assertThat(namesBy("red")).containsExactlyInAnyOrder("one", "three");
        assertThat(namesBy("blue")).containsExactlyInAnyOrder("two", "four");
        assertThat(maps.events).containsExactly("four", "four");

        maps.packed.remove("ns/four");
        source.onDelete(map("four", "blue"), false);
        assertThat(namesBy("blue")).containsExactly("two");
        assertThat(maps.events).containsExactly("four", "four", "four");

        maps.packed.put("ns/four", map("four", "red"));
        source.onAdd(map("four", "red"));
        assertThat(namesBy("blue")).containsExactly("two");
    }

    private List<String> namesBy(String colour) {
        return source.byIndex(COLOUR, colour).stream()
                .map(map -> map.getMetadata().getName())
                .toList();
    }
}
