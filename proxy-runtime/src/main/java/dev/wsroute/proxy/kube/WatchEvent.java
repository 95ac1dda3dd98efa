// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import org.jspecify.annotations.Nullable;

/** What a line of a watch says. */
sealed interface WatchEvent<T> {

    /**
     * An object was added or changed, or deleted.
     *
     * @param version where a watch goes on from here; null: the object names none
     */
    record Change<T>(T object, boolean deleted, @Nullable String version) implements WatchEvent<T> {}

    /** Nothing changed up to this version. */
    record Bookmark<T>(@Nullable String version) implements WatchEvent<T> {}

    /** The watch fails. */
    record Failure<T>(ApiException reason) implements WatchEvent<T> {}

    /** Something that a later API may say. */
    record Unknown<T>(String type) implements WatchEvent<T> {}
}
