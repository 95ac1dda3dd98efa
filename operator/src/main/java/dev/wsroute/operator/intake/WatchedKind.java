package dev.wsroute.operator.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.operator.cache.Head;
import dev.wsroute.operator.cache.PodHead;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds that the operator watches, and what it keeps of a large object of each. */
enum WatchedKind {
    /** A large route is reconciled on its own and read from the API then. */
    WebSocketRoute(64 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode route) {
            ObjectNode head = head(route);
            JsonNode status = route.path("status");
            if (status.isObject() && status.toString().length() <= Limit.STATUS) {
                head.set("status", status);
            }
            return head;
        }
    },

    /** Endpoints are counted, which takes their identity and state. */
    EndpointSlice(4 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode slice) {
            ObjectNode kept = Head.pick(slice, List.of("apiVersion", "kind", "addressType"));
            kept.set("metadata", Head.identity(slice.path("metadata")));
            kept.set("ports", picked(slice.path("ports"), List.of("name", "port", "protocol", "appProtocol")));
            ArrayNode endpoints = kept.putArray("endpoints");
            slice.path("endpoints").forEach(endpoint -> endpoints.add(endpoint(endpoint)));
            return kept;
        }
    },

    /** Services of tenants are read for the names of their ports. */
    Service(4 * 1024) {
        @Override
        ObjectNode reduce(ObjectNode service) {
            if (belongsToARoute(service)) {
                return service;
            }
            ObjectNode kept = plain(service);
            kept.set("metadata", Head.identity(service.path("metadata")));
            ObjectNode spec = Head.pick(service.path("spec"), List.of("type", "clusterIP", "externalName"));
            spec.set(
                    "ports",
                    picked(
                            service.path("spec").path("ports"),
                            List.of("name", "port", "protocol", "targetPort", "appProtocol", "nodePort")));
            kept.set("spec", spec);
            return kept;
        }
    },

    /** Pods say why they do not run; whoever may create pods may label them as proxies. */
    Pod(0) {
        @Override
        ObjectNode reduce(ObjectNode pod) {
            return PodHead.of(pod);
        }
    },

    ConfigMap(Limit.OWNED),
    Secret(Limit.OWNED),
    Deployment(Limit.OWNED),
    ServiceAccount(Limit.OWNED),
    Role(Limit.OWNED),
    RoleBinding(Limit.OWNED),
    PodDisruptionBudget(Limit.OWNED);

    /** In bytes of JSON. */
    private static final class Limit {

        static final int OWNED = 16 * 1024;
        static final int STATUS = 16 * 1024;
    }

    /** In bytes of JSON; an object up to this size is kept unchanged. */
    private final int small;

    WatchedKind(int small) {
        this.small = small;
    }

    static Optional<WatchedKind> ofKind(String kind) {
        return Stream.of(values()).filter(known -> known.name().equals(kind)).findFirst();
    }

    /** By the last part of the path of a list. */
    static Optional<WatchedKind> ofPlural(String plural) {
        return Stream.of(values())
                .filter(known -> (known.name().toLowerCase(Locale.ROOT) + "s").equals(plural))
                .findFirst();
    }

    boolean isSmall(int bytes) {
        return bytes <= small;
    }

    /** Cuts down a large object: one that a route owns is kept, any other is reduced to its head. */
    ObjectNode reduce(ObjectNode object) {
        return belongsToARoute(object) ? object : head(object);
    }

    /** Its identity and owner. */
    static ObjectNode head(JsonNode object) {
        return Head.of(object.path("apiVersion"), object.path("kind"), object.path("metadata"));
    }

    /** Judged by its owner or, if that was removed, by its field manager; whether the route exists is checked later. */
    private static boolean belongsToARoute(JsonNode object) {
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

    /** The first address only: Kubernetes tells consumers to use no other. */
    private static ObjectNode endpoint(JsonNode endpoint) {
        ObjectNode kept = Head.pick(endpoint, List.of());
        ArrayNode addresses = kept.putArray("addresses");
        JsonNode first = endpoint.path("addresses").path(0);
        if (first.isTextual()) {
            addresses.add(first);
        }
        kept.set("conditions", Head.pick(endpoint.path("conditions"), List.of("ready", "serving", "terminating")));
        if (endpoint.path("targetRef").isObject()) {
            kept.set("targetRef", Head.pick(endpoint.path("targetRef"), List.of("kind", "namespace", "name", "uid")));
        }
        return kept;
    }

    private static ObjectNode plain(JsonNode object) {
        return Head.pick(object, List.of("apiVersion", "kind"));
    }

    private static ArrayNode picked(JsonNode list, List<String> fields) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        list.forEach(one -> kept.add(Head.pick(one, fields)));
        return kept;
    }
}
