// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.material;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is followed for one use; listeners or backends that name the same source share it. Confined to the control thread.
 *
 * @param <S> names a source
 * @param <T> what the source holds
 */
public final class SharedMaterial<S, T> {

    private final Function<S, FollowedMaterial<T>> create;
    private final Map<S, FollowedMaterial<T>> followed = new HashMap<>();

    /** @param create does not start it */
    public SharedMaterial(Function<S, FollowedMaterial<T>> create) {
        this.create = create;
    }

    /** Starts to follow the source unless it is followed already. */
    public FollowedMaterial<T> follow(S source) {
        FollowedMaterial<T> known = followed.get(source);
        if (known == null) {
            known = create.apply(source);
            followed.put(source, known);
            known.start();
        }
        return known;
    }

    /** Follows these sources, too. Completes when all of them have reported. */
    public CompletableFuture<Void> require(Set<S> sources) {
        return CompletableFuture.allOf(
                sources.stream().map(source -> follow(source).known()).toArray(CompletableFuture[]::new));
    }

    /** Uses what was refused, if time has changed that. */
    public void retry() {
        followed.values().forEach(FollowedMaterial::retry);
    }

    /** Stops following all other sources. */
    public void retain(Set<S> wanted) {
        followed.entrySet().removeIf(entry -> {
            boolean over = !wanted.contains(entry.getKey());
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
    }

    /** Under what names the last good data is kept. */
    public Stream<String> keptAs() {
        return followed.values().stream().map(FollowedMaterial::keptAs);
    }
}
