// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import org.jspecify.annotations.Nullable;

/** An event of a watch. */
sealed interface WatchEvent<T> {

    /**
     * An object was added, changed or deleted.
     *
     * @param version resourceVersion from which a watch continues; null if the object has none
     */
    record Change<T>(T object, boolean deleted, @Nullable String version) implements WatchEvent<T> {}

    /** Nothing changed up to this version. */
    record Bookmark<T>(@Nullable String version) implements WatchEvent<T> {}

    /** The watch has failed. */
    record Failure<T>(ApiException reason) implements WatchEvent<T> {}

    /** A type of event that this version does not know. */
    record Unknown<T>(String type) implements WatchEvent<T> {}
}
