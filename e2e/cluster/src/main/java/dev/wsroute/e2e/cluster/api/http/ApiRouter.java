// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.cluster.api.access.RoleAuthorizer;
import dev.wsroute.e2e.cluster.api.http.ResourceRequests.Target;
import dev.wsroute.e2e.cluster.api.ops.ApiOperations;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.TypeRegistry;
import dev.wsroute.e2e.cluster.api.view.DiscoveryDocuments;
import dev.wsroute.e2e.cluster.api.view.OpenApi;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Routes requests by their path. */
final class ApiRouter {

    private static final Set<String> HEALTH = Set.of("healthz", "livez", "readyz");

    private final TypeRegistry types;
    private final ResourceRequests resources;
    private final RequestCounts requests;
    private final ApiOperations api;
    private final RoleAuthorizer authorizer;
    private final Runnable trouble;
    private final DiscoveryDocuments discovery;
    private final OpenApi openApi;

    ApiRouter(
            ApiOperations api, PodRequests pods, RequestCounts requests, RoleAuthorizer authorizer, Runnable trouble) {
        this.types = api.types();
        this.requests = requests;
        this.api = api;
        this.authorizer = authorizer;
        this.trouble = trouble;
        this.resources = new ResourceRequests(api, pods);
        this.discovery = new DiscoveryDocuments(api.types());
        this.openApi = new OpenApi(api.types());
    }

    ApiResponse handle(ApiRequest request) {
        List<String> path = request.path();
        if (path.isEmpty()) {
            return ApiResponse.ok(discovery.paths());
        }
        String first = path.get(0);
        if (HEALTH.contains(first)) {
            return new ApiResponse.Text(200, "ok");
        }
        return switch (first) {
            case "version" -> ApiResponse.ok(discovery.version());
            case "openapi" -> openApi(path);
            case "api" -> api(request, path);
            case "apis" -> apis(request, path);
            default -> throw notServed();
        };
    }

    private ApiResponse openApi(List<String> path) {
        if (path.size() < 2 || !path.get(1).equals("v3")) {
            throw notServed();
        }
        return ApiResponse.ok(
                path.size() == 2 ? openApi.index() : openApi.document(String.join("/", path.subList(2, path.size()))));
    }

    private ApiResponse api(ApiRequest request, List<String> path) {
        if (path.size() == 1) {
            return ApiResponse.ok(discovery.coreVersions());
        }
        return inVersion(request, "", path.get(1), path.subList(2, path.size()));
    }

    private ApiResponse apis(ApiRequest request, List<String> path) {
        if (path.size() == 1) {
            return ApiResponse.ok(discovery.groups());
        }
        if (path.size() == 2) {
            return ApiResponse.ok(discovery.group(path.get(1)));
        }
        return inVersion(request, path.get(1), path.get(2), path.subList(3, path.size()));
    }

    private ApiResponse inVersion(ApiRequest request, String group, String version, List<String> rest) {
        if (rest.isEmpty()) {
            return ApiResponse.ok(discovery.resources(group, version));
        }
        if (group.equals("authorization.k8s.io") || group.equals("authentication.k8s.io")) {
            return review(request);
        }
        Target target = target(group, version, rest);
        requests.count(new RequestCounts.Request(request.program(), target.verb(request), target.resource()));
        request.user().ifPresent(user -> {
            trouble.run();
            authorize(user, request, target);
        });
        return resources.handle(request, target);
    }

    private void authorize(String user, ApiRequest request, Target target) {
        String verb = target.verb(request);
        Access access = new Access(
                user,
                verb,
                target.type().group(),
                target.type().names().plural() + (target.subresource().isEmpty() ? "" : "/" + target.subresource()),
                target.key().namespace(),
                target.name().isEmpty() ? namedBy(request.parameter("fieldSelector")) : target.name());
        authorizer.require(access);
        if (request.contentType().startsWith("application/apply-patch")
                && target.subresource().isEmpty()
                && api.store().get(target.type().collection(), target.key()) == null) {
            authorizer.require(access.creating());
        }
        if (verb.equals("create") || verb.equals("update") || verb.equals("patch")) {
            authorizer.requireHeld(access, request.json());
        }
    }

    private static String namedBy(String fieldSelector) {
        String byName = "metadata.name=";
        return fieldSelector.startsWith(byName) ? fieldSelector.substring(byName.length()) : "";
    }

    private Target target(String group, String version, List<String> rest) {
        if (rest.get(0).equals("namespaces") && rest.size() > 2) {
            Optional<ResourceType> type = types.find(group, version, rest.get(2));
            if (type.isPresent()) {
                return new Target(type.get(), rest.get(1), part(rest, 3), part(rest, 4));
            }
        }
        ResourceType type = types.find(group, version, rest.get(0)).orElseThrow(ApiRouter::notServed);
        return new Target(type, "", part(rest, 1), part(rest, 2));
    }

    private static String part(List<String> path, int index) {
        return index < path.size() ? path.get(index) : "";
    }

    /** Says that everything is allowed, which is true of administrators. */
    private static ApiResponse review(ApiRequest request) {
        ObjectNode review = request.object();
        ObjectNode status = Json.child(review, "status");
        status.put("allowed", true);
        ObjectNode user = Json.child(status, "userInfo");
        user.put("username", "embedded-admin").putArray("groups").add("system:masters");
        if (review.path("kind").asText().equals("SelfSubjectRulesReview")) {
            ObjectNode rule = status.putArray("resourceRules").addObject();
            List.of("apiGroups", "resources", "verbs")
                    .forEach(of -> rule.putArray(of).add("*"));
            status.putArray("nonResourceRules");
            status.put("incomplete", false);
        }
        return new ApiResponse.Body(201, review, List.of());
    }

    static ApiError notServed() {
        return ApiError.of(404, "NotFound", "the server could not find the requested resource");
    }
}
