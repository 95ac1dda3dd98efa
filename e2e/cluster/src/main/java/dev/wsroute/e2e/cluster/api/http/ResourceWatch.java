// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.http.ResourceRequests.Target;
import dev.wsroute.e2e.cluster.api.ops.ApiOperations;
import dev.wsroute.e2e.cluster.api.ops.Reads.Selection;
import dev.wsroute.e2e.cluster.api.ops.Reads.Start;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Watcher;
import dev.wsroute.e2e.cluster.api.view.Form;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The watch of a request. */
final class ResourceWatch implements ApiResponse.WatchPlan {

    private static final int SHORTEST_DEFAULT_TIMEOUT_SECONDS = 1_800;

    private final ApiOperations api;
    private final Target target;
    private final Selection selection;
    private final Start start;
    private final Form form;
    private final String includeObject;
    private final boolean bookmarks;
    private final int timeoutSeconds;

    /**
     * Reads the parameters of the request.
     *
     * @throws ApiError (400) if the resource version is invalid
     */
    ResourceWatch(ApiOperations api, ApiRequest request, Target target, Selection selection) {
        this.api = api;
        this.target = target;
        this.selection = selection;
        this.form = Form.of(request.accept());
        this.includeObject = request.parameter("includeObject");
        this.bookmarks = request.flag("allowWatchBookmarks");
        int asked = request.number("timeoutSeconds");
        this.timeoutSeconds = asked > 0
                ? asked
                : SHORTEST_DEFAULT_TIMEOUT_SECONDS
                        + ThreadLocalRandom.current().nextInt(SHORTEST_DEFAULT_TIMEOUT_SECONDS);
        boolean initial = request.flag("sendInitialEvents");
        this.start = new Start(initial ? null : version(request.parameter("resourceVersion")), initial);
    }

    private static @Nullable Long version(String text) {
        try {
            return text.isEmpty() || text.equals("0") ? null : Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw ApiError.badRequest("invalid resource version: " + text);
        }
    }

    @Override
    public Watcher start(Watcher.Sink sink) {
        return api.reads().watch(target.type(), selection, start, formed(sink));
    }

    @Override
    public void stop(Watcher watcher) {
        api.reads().stop(watcher);
    }

    @Override
    public void bookmark(Watcher.Sink sink) {
        if (bookmarks) {
            api.reads().sendBookmark(target.type(), formed(sink));
        }
    }

    @Override
    public int timeoutSeconds() {
        return timeoutSeconds;
    }

    private Watcher.Sink formed(Watcher.Sink sink) {
        if (form == Form.OBJECT) {
            return sink;
        }
        return new Watcher.Sink() {
            @Override
            public void event(String type, ObjectNode object) {
                sink.event(type, type.equals("ERROR") ? object : form.one(target.type(), object, includeObject));
            }

            @Override
            public void end() {
                sink.end();
            }
        };
    }
}
