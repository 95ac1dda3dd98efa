// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.wsroute.operator.cache.PartialObject;
import dev.wsroute.operator.cache.PartialPod;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds that the operator watches, and how a large object of each is trimmed. */
enum WatchedKind {
    /** A large route is read from the API for each reconciliation. */
    WebSocketRoute(64 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode route) {
            ObjectNode kept = partial(route);
            JsonNode status = route.path("status");
            if (status.isObject() && status.toString().length() <= Limit.STATUS) {
                kept.set("status", status);
            }
            return kept;
        }
    },

    /** Endpoints are only counted, which takes their identity and conditions. */
    EndpointSlice(4 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode slice) {
            ObjectNode kept = PartialObject.pick(slice, List.of("apiVersion", "kind", "addressType"));
            kept.set("metadata", PartialObject.identity(slice.path("metadata")));
            kept.set("ports", picked(slice.path("ports"), List.of("name", "port", "protocol", "appProtocol")));
            ArrayNode endpoints = kept.putArray("endpoints");
            slice.path("endpoints").forEach(endpoint -> endpoints.add(endpoint(endpoint)));
            return kept;
        }
    },

    /** Tenants' Services are needed only for the names of their ports. */
    Service(4 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode service) {
            if (belongsToRoute(service)) {
                return service;
            }
            ObjectNode kept = plain(service);
            kept.set("metadata", PartialObject.identity(service.path("metadata")));
            ObjectNode spec = PartialObject.pick(service.path("spec"), List.of("type", "clusterIP", "externalName"));
            spec.set(
                    "ports",
                    picked(
                            service.path("spec").path("ports"),
                            List.of("name", "port", "protocol", "targetPort", "appProtocol", "nodePort")));
            kept.set("spec", spec);
            return kept;
        }
    },

    /** Pods explain why they do not run. Anyone who may create pods may label them as proxies, so all are trimmed. */
    Pod(0) {
        @Override
        ObjectNode reduce(ObjectNode pod) {
            return PartialPod.of(pod);
        }
    },

    /** Only the entries about routes count, and most grants are about others. */
    ReferenceGrant(4 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode grant) {
            ObjectNode kept = plain(grant);
            kept.set("metadata", PartialObject.identity(grant.path("metadata")));
            ObjectNode spec = kept.putObject("spec");
            spec.set("from", picked(grant.path("spec").path("from"), List.of("group", "kind", "namespace")));
            spec.set("to", picked(grant.path("spec").path("to"), List.of("group", "kind", "name")));
            return kept;
        }
    },

    /**
     * What it says and about which routes. Access that is larger than the CRD allows becomes unreadable and not absent: absent
     * access would open routes.
     */
    WebSocketPolicy(4 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode policy) {
            ObjectNode kept = plain(policy);
            kept.set("metadata", PartialObject.identity(policy.path("metadata")));
            ObjectNode spec = kept.putObject("spec");
            spec.set(
                    "targetRefs",
                    picked(policy.path("spec").path("targetRefs"), List.of("group", "kind", "name", "sectionName")));
            JsonNode access = policy.path("spec").path("access");
            boolean readable = access.toString().length() <= Limit.ACCESS;
            spec.set("access", readable ? access : TextNode.valueOf("(too large)"));
            JsonNode status = policy.path("status");
            if (status.isObject() && status.toString().length() <= Limit.STATUS) {
                kept.set("status", status);
            }
            return kept;
        }
    },

    /** Only metadata is asked for. The Secrets of routes are read by name when needed, and nobody else's. */
    Secret(0) {
        @Override
        ObjectNode reduce(ObjectNode secret) {
            return partial(secret);
        }
    },

    ConfigMap(Limit.OWNED),
    Deployment(Limit.OWNED),
    ServiceAccount(Limit.OWNED),
    Role(Limit.OWNED),
    RoleBinding(Limit.OWNED),
    PodDisruptionBudget(Limit.OWNED);

    /** In bytes of JSON. */
    private static final class Limit {

        static final int OWNED = 16 * 1024;
        static final int STATUS = 16 * 1024;
        static final int ACCESS = 256 * 1024;
    }

    /** In bytes of JSON; an object up to this size is kept unchanged. */
    private final int small;

    WatchedKind(int small) {
        this.small = small;
    }

    static Optional<WatchedKind> ofKind(String kind) {
        if (kind.equals(MetadataOnly.KIND)) {
            return Optional.of(Secret);
        }
        return Stream.of(values()).filter(known -> known.name().equals(kind)).findFirst();
    }

    /** By the last part of the path of a list. */
    static Optional<WatchedKind> ofPlural(String plural) {
        return Stream.of(values())
                .filter(known -> known.plural().equals(plural))
                .findFirst();
    }

    private String plural() {
        return (name().toLowerCase(Locale.ROOT) + "s").replaceFirst("ys$", "ies");
    }

    /** Whether objects are kept whatever the size of their page: they are not read again one by one. */
    boolean isAlwaysKept() {
        return this == EndpointSlice || this == WebSocketPolicy;
    }

    boolean isSmall(int bytes) {
        return bytes <= small;
    }

    /** Trims a large object: if a route owns it, it is kept, otherwise it becomes a partial object. */
    ObjectNode reduce(ObjectNode object) {
        return belongsToRoute(object) ? object : partial(object);
    }

    /** The partial object of {@code object}. */
    static ObjectNode partial(JsonNode object) {
        if (object.path("kind").asText().equals(MetadataOnly.KIND)) {
            return PartialObject.of(TextNode.valueOf("v1"), TextNode.valueOf(Secret.name()), object.path("metadata"));
        }
        return PartialObject.of(object.path("apiVersion"), object.path("kind"), object.path("metadata"));
    }

    /** By the owner reference or, if that was removed, by the field manager; whether the route exists is checked later. */
    private static boolean belongsToRoute(JsonNode object) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("kind").asText().equals(WebSocketRoute.name())) {
                return true;
            }
        }
        for (JsonNode manager : object.path("metadata").path("managedFields")) {
            if (manager.path("manager").asText().equals("wsroute-operator")) {
                return true;
            }
        }
        return false;
    }

    /** Keeps only the first address: Kubernetes tells consumers to ignore the others. */
    private static ObjectNode endpoint(JsonNode endpoint) {
        ObjectNode kept = PartialObject.pick(endpoint, List.of());
        ArrayNode addresses = kept.putArray("addresses");
        JsonNode first = endpoint.path("addresses").path(0);
        if (first.isTextual()) {
            addresses.add(first);
        }
        kept.set(
                "conditions",
                PartialObject.pick(endpoint.path("conditions"), List.of("ready", "serving", "terminating")));
        if (endpoint.path("targetRef").isObject()) {
            kept.set(
                    "targetRef",
                    PartialObject.pick(endpoint.path("targetRef"), List.of("kind", "namespace", "name", "uid")));
        }
        return kept;
    }

    private static ObjectNode plain(JsonNode object) {
        return PartialObject.pick(object, List.of("apiVersion", "kind"));
    }

    private static ArrayNode picked(JsonNode list, List<String> fields) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        list.forEach(one -> kept.add(PartialObject.pick(one, fields)));
        return kept;
    }
}
