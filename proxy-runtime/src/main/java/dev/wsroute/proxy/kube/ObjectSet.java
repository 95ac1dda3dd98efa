// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the API that can be listed and watched. Both requests block.
 *
 * @param <T> what is read of an object
 */
public final class ObjectSet<T extends ApiObject> {

    private static final long SERVER_TIMEOUT_SECONDS = 600;

    private final HttpCalls calls;
    private final String path;
    private final String selector;
    private final ApiJson<T> json;

    /** Hears what a watch says, one call after another. */
    interface Watcher<T> {

        void heard(WatchEvent<T> event);

        /**
         * It says no more.
         *
         * @param reason null: the API ended it in order
         */
        void ended(@Nullable Throwable reason);
    }

    /**
     * @param path of the list
     * @param selector the part of a query that chooses
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

    /** @throws IOException with one sentence; an {@link ApiException} when the API refuses */
    Listing<T> list() throws IOException {
        return json.list(calls.get(path + "?" + selector));
    }

    /**
     * @param worker where the watcher is called
     * @return ends it
     * @throws IOException as {@link #list}
     */
    Runnable watch(String version, Watcher<T> watcher, Executor worker) throws IOException {
        String target = path + "?allowWatchBookmarks=true&" + selector + "&resourceVersion="
                + KubernetesApi.encoded(version) + "&timeoutSeconds=" + SERVER_TIMEOUT_SECONDS + "&watch=true";
        return calls.lines(target, new Parsing(watcher), worker);
    }

    /** What cannot be read as an event counts as a failure: with it the watch would pass over a change. */
    private final class Parsing implements LineAnswer.Listener {

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
            watcher.heard(event);
        }

        @Override
        public void ended(@Nullable Throwable reason) {
            watcher.ended(reason);
        }
    }
}
