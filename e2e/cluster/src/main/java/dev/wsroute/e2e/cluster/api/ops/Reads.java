// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.store.Selector;
import dev.wsroute.e2e.cluster.api.store.Store;
import dev.wsroute.e2e.cluster.api.store.Watcher;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Get, list and watch. */
public final class Reads {

    /**
     * The objects of a list or watch.
     *
     * @param namespace "" for all
     */
    public record Selection(String namespace, Predicate<ObjectNode> selected) {

        /**
         * Reads the selectors of a request.
         *
         * @throws ApiError (400) if a selector is invalid
         */
        public static Selection of(ResourceType type, String namespace, String labels, String fields) {
            return new Selection(
                    namespace,
                    Selector.labels(labels)
                            .and(Selector.fields(Versions.selectorOfStored(type, fields), type.selectable())));
        }
    }

    /**
     * A page of a list.
     *
     * @param next the token of the next page; "" for the last page
     * @param remaining number of objects after this page
     */
    public record Page(List<ObjectNode> items, long version, String next, long remaining) {}

    /**
     * The start of a watch.
     *
     * @param since null: starts with all existing objects
     * @param announceInitial whether a bookmark marks the end of the initial events
     */
    public record Start(@Nullable Long since, boolean announceInitial) {}

    private final Store store;

    Reads(Store store) {
        this.store = store;
    }

    public ObjectNode get(ResourceType type, ObjectKey key) {
        ObjectNode object = store.get(type.collection(), key);
        if (object == null) {
            throw ApiError.notFound(type.collection(), key.name());
        }
        return Versions.as(type, object);
    }

    /**
     * Reads one page.
     *
     * @param limit the size of a page; 0 for no limit
     */
    public Page list(ResourceType type, Selection selection, int limit, String token) {
        return store.locked(() -> {
            @Nullable ObjectKey after = token.isEmpty() ? null : decode(token);
            List<ObjectNode> items = new ArrayList<>();
            ObjectKey last = null;
            long remaining = 0;
            for (Map.Entry<ObjectKey, ObjectNode> entry : store.list(type.collection(), selection.namespace(), after)) {
                if (selection.selected().test(entry.getValue())) {
                    if (limit == 0 || items.size() < limit) {
                        items.add(Versions.as(type, entry.getValue()));
                        last = entry.getKey();
                    } else {
                        remaining++;
                    }
                }
            }
            String next = remaining > 0 && last != null ? encode(last) : "";
            return new Page(items, store.version(), next, remaining);
        });
    }

    /** Returns the watch, which ends with {@link #stop}. */
    public Watcher watch(ResourceType type, Selection selection, Start start, Watcher.Sink sink) {
        Watcher watcher = new Watcher(
                type.collection(), selection.namespace(), selection.selected(), new VersionedSink(type, sink));
        return store.locked(() -> {
            if (start.since() == null) {
                store.watchFromNow(watcher);
                if (start.announceInitial()) {
                    ObjectNode bookmark = bookmark(type);
                    Json.child(Json.metadata(bookmark), "annotations").put("k8s.io/initial-events-end", "true");
                    sink.event("BOOKMARK", bookmark);
                }
            } else {
                store.watchFrom(start.since(), watcher);
            }
            return watcher;
        });
    }

    /** Sends a watch its current resource version. */
    public void sendBookmark(ResourceType type, Watcher.Sink sink) {
        store.locked(() -> {
            sink.event("BOOKMARK", bookmark(type));
            return true;
        });
    }

    public void stop(Watcher watcher) {
        store.stop(watcher);
    }

    private ObjectNode bookmark(ResourceType type) {
        ObjectNode bookmark = Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        Json.metadata(bookmark)
                .put("resourceVersion", Long.toString(store.version()))
                .putNull("creationTimestamp");
        return bookmark;
    }

    private static String encode(ObjectKey key) {
        return Base64.getUrlEncoder()
                .encodeToString((key.namespace() + "/" + key.name()).getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectKey decode(String token) {
        try {
            String key = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int slash = key.indexOf('/');
            return new ObjectKey(key.substring(0, slash), key.substring(slash + 1));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw ApiError.badRequest("continue key is not valid: " + token);
        }
    }

    private record VersionedSink(ResourceType type, Watcher.Sink sink) implements Watcher.Sink {

        @Override
        public void event(String kind, ObjectNode object) {
            sink.event(kind, kind.equals("ERROR") ? object : Versions.as(type, object));
        }

        @Override
        public void end() {
            sink.end();
        }
    }
}
