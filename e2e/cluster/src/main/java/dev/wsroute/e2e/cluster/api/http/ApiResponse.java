// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.cluster.api.store.Watcher;
import java.util.List;

/** The response to a request. */
sealed interface ApiResponse {

    /**
     * An object, or an error.
     *
     * @param warnings sent as Warning headers
     */
    record Body(int code, JsonNode json, List<String> warnings) implements ApiResponse {}

    record Text(int code, String text) implements ApiResponse {}

    /**
     * A watch.
     *
     * @param plan starts the watch
     */
    record Stream(WatchPlan plan) implements ApiResponse {}

    /** A container's log, followed as it grows. */
    record Follow(LogSource log) implements ApiResponse {}

    /** A log that may grow. */
    interface LogSource {

        /** Returns the whole text so far, which only grows. */
        String text();

        /** Returns whether the log has ended. */
        boolean ended();
    }

    /** A watch that has not started yet. */
    interface WatchPlan {

        /** Starts to send events. */
        Watcher start(Watcher.Sink sink);

        /** Ends the watch. */
        void stop(Watcher watcher);

        /** Sends a bookmark if the client requested bookmarks. */
        void bookmark(Watcher.Sink sink);

        /** Returns the duration of the stream in seconds. */
        int timeoutSeconds();
    }

    static ApiResponse ok(JsonNode json) {
        return new Body(200, json, List.of());
    }
}
