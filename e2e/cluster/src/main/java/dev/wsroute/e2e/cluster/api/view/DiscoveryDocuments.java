// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.TypeRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The served groups, versions and resources. */
public final class DiscoveryDocuments {

    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final Map<String, String> REVIEWS = Map.of(
            "selfsubjectaccessreviews", "SelfSubjectAccessReview",
            "selfsubjectrulesreviews", "SelfSubjectRulesReview",
            "subjectaccessreviews", "SubjectAccessReview");

    private final TypeRegistry types;

    public DiscoveryDocuments(TypeRegistry types) {
        this.types = types;
    }

    /** The Kubernetes version that this server reports. */
    public ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.4")
                .put("gitCommit", "embedded")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "none")
                .put("compiler", "none")
                .put("platform", "linux/amd64");
    }

    public ObjectNode paths() {
        ObjectNode paths = Json.object();
        ArrayNode all = paths.putArray("paths");
        all.add("/api").add("/api/v1").add("/apis").add("/openapi/v3").add("/version");
        versions().forEach((group, versions) -> versions.forEach(version -> all.add("/apis/" + group + "/" + version)));
        return paths;
    }

    public ObjectNode coreVersions() {
        ObjectNode list = Json.object().put("kind", "APIVersions");
        list.putArray("versions").add("v1");
        list.putArray("serverAddressByClientCIDRs");
        return list;
    }

    public ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        versions().forEach((group, versions) -> groups.add(group(group, versions)));
        return list;
    }

    public ObjectNode group(String name) {
        Set<String> versions = versions().get(name);
        if (versions == null) {
            throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
        }
        return group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1");
    }

    private static ObjectNode group(String name, Set<String> versions) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode array = group.putArray("versions");
        for (String version : versions) {
            array.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", array.get(0));
        return group;
    }

    public ObjectNode resources(String group, String version) {
        ObjectNode list = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types.all()) {
            if (type.group().equals(group) && type.version().equals(version)) {
                addResource(resources, type);
            }
        }
        if (group.equals("authorization.k8s.io")) {
            REVIEWS.forEach((plural, kind) -> resource(resources, plural, kind, false, List.of("create")));
        } else if (group.equals("authentication.k8s.io")) {
            resource(resources, "selfsubjectreviews", "SelfSubjectReview", false, List.of("create"));
        }
        if (resources.isEmpty()) {
            throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
        }
        return list;
    }

    private static void addResource(ArrayNode resources, ResourceType type) {
        String plural = type.names().plural();
        ObjectNode main = resource(resources, plural, type.kind(), type.namespaced(), VERBS);
        main.put("singularName", type.names().singular());
        if (!type.names().shortNames().isEmpty()) {
            main.set("shortNames", Json.fromValue(type.names().shortNames()));
        }
        if (!type.names().categories().isEmpty()) {
            main.set("categories", Json.fromValue(type.names().categories()));
        }
        List<String> verbs = List.of("get", "patch", "update");
        if (type.status()) {
            resource(resources, plural + "/status", type.kind(), type.namespaced(), verbs);
        }
        if (type.scale() != null) {
            resource(resources, plural + "/scale", "Scale", type.namespaced(), verbs)
                    .put("group", "autoscaling")
                    .put("version", "v1");
        }
        if (type.collection().equals("pods")) {
            resource(resources, "pods/log", "Pod", true, List.of("get"));
        }
    }

    private static ObjectNode resource(
            ArrayNode resources, String name, String kind, boolean namespaced, List<String> verbs) {
        ObjectNode resource = resources
                .addObject()
                .put("name", name)
                .put("singularName", "")
                .put("namespaced", namespaced)
                .put("kind", kind);
        resource.set("verbs", Json.fromValue(verbs));
        return resource;
    }

    private Map<String, Set<String>> versions() {
        Map<String, Set<String>> versions = new TreeMap<>();
        for (ResourceType type : types.all()) {
            if (!type.group().isEmpty()) {
                versions.computeIfAbsent(type.group(), group -> new LinkedHashSet<>())
                        .add(type.version());
            }
        }
        versions.put("authorization.k8s.io", Set.of("v1"));
        versions.put("authentication.k8s.io", Set.of("v1"));
        return versions;
    }
}
