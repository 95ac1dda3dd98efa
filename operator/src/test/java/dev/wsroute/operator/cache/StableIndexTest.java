// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StableIndexTest {

    private static final ResourceID ONE = new ResourceID("one", "ns");

    private final StableIndex<ConfigMap> index = new StableIndex<>();

    @BeforeEach
    void byColour() {
        index.add(Map.of("colour", map -> List.of(map.getMetadata().getLabels().get("colour"))));
    }

    @Test
    void objectsAreFoundByKey() {
        index.put(map("one", "red"));
        index.put(map("two", "red"));
        index.put(map("three", "blue"));

        assertThat(index.find("colour", "red")).containsExactlyInAnyOrder(ONE, new ResourceID("two", "ns"));
        assertThat(index.find("colour", "green")).isEmpty();
        assertThat(index.find("size", "red")).isEmpty();
    }

    @Test
    void anObjectWithAnotherKeyMoves() {
        index.put(map("one", "red"));

        index.replace(map("one", "red"), map("one", "blue"));

        assertThat(index.find("colour", "red")).isEmpty();
        assertThat(index.find("colour", "blue")).containsExactly(ONE);
    }

    @Test
    void aRemovedObjectIsNotFound() {
        index.put(map("one", "red"));

        index.remove(map("one", "red"));

        assertThat(index.find("colour", "red")).isEmpty();
    }

    @Test
    void anObjectThatChangesUnderTheSameKeyIsNeverMissing() {
        index.put(map("one", "red"));
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                index.replace(map("one", "red"), map("one", "red"));
            }
        });

        for (int look = 0; look < 20_000; look++) {
            assertThat(index.find("colour", "red")).containsExactly(ONE);
        }
        done.set(true);
        changes.join();
    }

    private static ConfigMap map(String name, String colour) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName(name)
                .addToLabels("colour", colour)
                .endMetadata()
                .build();
    }
}
