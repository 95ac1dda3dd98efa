// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A set of objects in the API, which can be listed and watched. Both requests block.
 *
 * @param <T> the part of an object that is read
 */
public final class ObjectSet<T extends ApiObject> {

    private static final long SERVER_TIMEOUT_SECONDS = 600;

    private final HttpCalls calls;
    private final String path;
    private final String selector;
    private final ApiJson<T> json;

    /** Receives the events of a watch, in calls that do not overlap. */
    interface Watcher<T> {

        void received(WatchEvent<T> event);

        /**
         * The watch has ended.
         *
         * @param reason null if the API ended it normally
         */
        void ended(@Nullable Throwable reason);
    }

    /**
     * @param path path of the list
     * @param selector the query parameter that selects the objects
     */
    ObjectSet(
            HttpCalls calls,
            ObjectMapper mapper,
            String path,
            String selector,
            BiFunction<String, JsonNode, T> reader) {
        this.calls = calls;
        this.path = path;
        this.selector = selector;
        this.json = new ApiJson<>(mapper, reader);
    }

    /** @throws IOException with one sentence; an {@link ApiException} if the API refuses */
    Listing<T> list() throws IOException {
        return json.list(calls.get(path + "?" + selector));
    }

    /**
     * @param worker on which the watcher is called
     * @return an action that ends the watch
     * @throws IOException as {@link #list}
     */
    Runnable watch(String version, Watcher<T> watcher, Executor worker) throws IOException {
        String target = path + "?allowWatchBookmarks=true&" + selector + "&resourceVersion="
                + KubernetesApi.encoded(version) + "&timeoutSeconds=" + SERVER_TIMEOUT_SECONDS + "&watch=true";
        return calls.lines(target, new Parsing(watcher), worker);
    }

    /** A line that cannot be read fails the watch, since it may contain a change. */
    private final class Parsing implements LineAnswer.LineListener {

        private final Watcher<T> watcher;

        Parsing(Watcher<T> watcher) {
            this.watcher = watcher;
        }

        @Override
        public void line(byte[] line) {
            WatchEvent<T> event;
            try {
                event = json.event(line);
            } catch (IOException e) {
                event = new WatchEvent.Failure<>(new ApiException(0, "a watch event is malformed"));
            }
            watcher.received(event);
        }

        @Override
        public void ended(@Nullable Throwable reason) {
            watcher.ended(reason);
        }
    }
}
