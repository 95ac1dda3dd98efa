// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wsroute.e2e.cluster.api.store.Watcher;
import java.util.List;

/** What a request is answered with. */
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

        /** Returns all that is to be shown so far; it only ever grows. */
        String text();

        /** Returns whether the log has ended. */
        boolean ended();
    }

    /** A watch that waits for a sink. */
    interface WatchPlan {

        /** Begins to send events. */
        Watcher start(Watcher.Sink sink);

        /** Ends the watch. */
        void stop(Watcher watcher);

        /** Sends a bookmark, when the client asked for bookmarks. */
        void bookmark(Watcher.Sink sink);

        /** Returns after how many seconds the stream ends. */
        int timeoutSeconds();
    }

    static ApiResponse ok(JsonNode json) {
        return new Body(200, json, List.of());
    }
}
