// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.http.ResourceRequests.Target;
import dev.wsroute.e2e.cluster.api.ops.ApiOperations;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The subresources that only pods have: logs and binding. */
final class PodRequests {

    static final Set<String> SUBRESOURCES = Set.of("log", "binding", "exec", "attach", "portforward");

    private static final Set<String> FINISHED = Set.of("Succeeded", "Failed");

    private final ApiOperations api;
    private final Supplier<PodLogs> logs;

    PodRequests(ApiOperations api, Supplier<PodLogs> logs) {
        this.api = api;
        this.logs = logs;
    }

    ApiResponse handle(ApiRequest request, Target target) {
        return switch (target.subresource()) {
            case "log" -> log(request, target);
            case "binding" -> bind(request, target);
            default -> throw ApiError.of(501, "NotImplemented", "the embedded cluster has no " + target.subresource());
        };
    }

    private ApiResponse log(ApiRequest request, Target target) {
        ObjectNode pod = api.reads().get(target.type(), target.key());
        String named = request.parameter("container");
        String container = named.isEmpty()
                ? Json.at(pod, "spec", "containers").path(0).path("name").asText()
                : named;
        boolean previous = request.flag("previous");
        PodLogs source = logs.get();
        String now = source.read(target.namespace(), target.name(), container, previous);
        int skipped = now.length()
                - (request.query().containsKey("tailLines") ? tail(now, request.number("tailLines")) : now).length();
        if (!request.flag("follow")) {
            return new ApiResponse.Text(200, now.substring(skipped));
        }
        return new ApiResponse.Follow(new ApiResponse.LogSource() {
            @Override
            public String text() {
                String text = source.read(target.namespace(), target.name(), container, previous);
                return text.substring(Math.min(skipped, text.length()));
            }

            @Override
            public boolean ended() {
                ObjectNode live = api.store().get(target.type().collection(), target.key());
                return live == null
                        || FINISHED.contains(Json.text(live, "status", "phase"))
                        || !Json.text(live, "metadata", "uid").equals(Json.text(pod, "metadata", "uid"));
            }
        });
    }

    private static String tail(String text, int lines) {
        int start = text.length();
        for (int i = 0; i <= lines && start >= 0; i++) {
            start = text.lastIndexOf('\n', start - 1);
        }
        return text.substring(start + 1);
    }

    private ApiResponse bind(ApiRequest request, Target target) {
        String node = Json.text(request.object(), "target", "name");
        api.writes().update(target.type(), target.key(), "", ResourceRequests.options(request), pod -> {
            Json.child(pod, "spec").put("nodeName", node);
            return pod;
        });
        return new ApiResponse.Body(201, success(), List.of());
    }

    private static ObjectNode success() {
        return Json.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    }
}
