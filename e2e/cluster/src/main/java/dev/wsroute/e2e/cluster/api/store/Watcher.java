// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One watch: its selector and the receiver of its events. Called with the store's lock held, so it never blocks. */
public final class Watcher {

    /** Receives events. */
    public interface Sink {

        /**
         * Sends one event.
         *
         * @param type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
         */
        void event(String type, ObjectNode object);

        /** Ends the stream. */
        void end();
    }

    private final String collection;
    private final String namespace;
    private final Predicate<ObjectNode> selected;
    private final Sink sink;

    /**
     * Creates a watch for the store.
     *
     * @param namespace "" for all namespaces
     */
    public Watcher(String collection, String namespace, Predicate<ObjectNode> selected, Sink sink) {
        this.collection = collection;
        this.namespace = namespace;
        this.selected = selected;
        this.sink = sink;
    }

    String collection() {
        return collection;
    }

    public Sink sink() {
        return sink;
    }

    boolean selects(ObjectKey key, @Nullable ObjectNode object) {
        return object != null && (namespace.isEmpty() || namespace.equals(key.namespace())) && selected.test(object);
    }

    /** For this watch, an object that starts or stops matching the selector is added or deleted. */
    void follow(Change change) {
        if (!change.collection().equals(collection)) {
            return;
        }
        boolean before = selects(change.key(), change.before());
        boolean after = !change.deleted() && selects(change.key(), change.after());
        if (after) {
            sink.event(before ? "MODIFIED" : "ADDED", change.after());
        } else if (before) {
            sink.event("DELETED", change.after());
        }
    }
}
