// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.ObjectKey;
import dev.wsroute.e2e.cluster.api.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Allows ServiceAccounts what the roles that are bound to them allow, and no more, and remembers each request. Knows roles,
 * bindings to ServiceAccounts, resource names, and that nobody can grant what they do not hold; not the verbs bind, escalate
 * and impersonate, groups, aggregated roles and non-resource URLs.
 */
public final class RoleAuthorizer {

    private static final String GROUP = "rbac.authorization.k8s.io";

    private final Store store;
    private final Set<Access> allowed = ConcurrentHashMap.newKeySet();
    private final Set<Access> refused = ConcurrentHashMap.newKeySet();
    private final Set<Access> granted = ConcurrentHashMap.newKeySet();

    public RoleAuthorizer(Store store) {
        this.store = store;
    }

    /** What ServiceAccounts did so far. */
    public Set<Access> allowed() {
        return Set.copyOf(allowed);
    }

    /**
     * What ServiceAccounts with a role in their namespace tried to do and may not. Those without one do not count: in a namespace
     * that is being deleted, the roles go before the pods.
     */
    public Set<Access> refused() {
        return Set.copyOf(refused);
    }

    /** What ServiceAccounts granted to others: their users are those who granted. */
    public Set<Access> granted() {
        return Set.copyOf(granted);
    }

    /** @throws ApiError (403) if no role of the user allows it */
    public void require(Access access) {
        if (!allows(access)) {
            if (isBound(access.user())) {
                refused.add(access);
            }
            throw ApiError.of(403, "Forbidden", access.toString());
        }
        allowed.add(access);
    }

    /**
     * Checks what a written object grants.
     *
     * @param write the request, which is allowed
     * @throws ApiError (403) if the object is a role or a binding that grants what the user does not hold
     */
    public void requireHeld(Access write, JsonNode object) {
        if (!write.group().equals(GROUP)) {
            return;
        }
        Stream<JsonNode> rules = write.resource().endsWith("bindings")
                ? rulesOf(object, write.namespace())
                : elements(object.path("rules"));
        List<Access> given = rules.flatMap(rule -> accesses(write, rule)).toList();
        granted.addAll(given);
        given.stream().filter(one -> !allows(one)).findFirst().ifPresent(missing -> {
            refused.add(missing);
            throw ApiError.forbidden(
                    write.resource() + "." + GROUP,
                    write.name(),
                    "user \"" + write.user() + "\" is attempting to grant RBAC permissions not currently held: "
                            + missing);
        });
    }

    private static Stream<Access> accesses(Access write, JsonNode rule) {
        List<String> names =
                rule.path("resourceNames").isEmpty() ? List.of("") : Json.texts(rule.path("resourceNames"));
        return Json.texts(rule.path("apiGroups")).stream()
                .flatMap(group -> Json.texts(rule.path("resources")).stream()
                        .flatMap(resource -> Json.texts(rule.path("verbs")).stream()
                                .flatMap(verb -> names.stream().map(name -> write.with(verb, group, resource, name)))));
    }

    private Stream<JsonNode> rules(Access access) {
        Stream<JsonNode> everywhere = rulesFor(access.user(), "clusterrolebindings", "");
        Stream<JsonNode> here = access.namespace().isEmpty()
                ? Stream.empty()
                : rulesFor(access.user(), "rolebindings", access.namespace());
        return Stream.concat(everywhere, here);
    }

    private boolean allows(Access access) {
        return rules(access)
                .anyMatch(rule -> has(rule, "apiGroups", access.group())
                        && has(rule, "resources", access.resource())
                        && has(rule, "verbs", access.verb())
                        && (rule.path("resourceNames").isEmpty() || has(rule, "resourceNames", access.name())));
    }

    private static boolean has(JsonNode rule, String field, String value) {
        List<String> values = Json.texts(rule.path(field));
        return values.contains(value) || (values.contains("*") && !field.equals("resourceNames"));
    }

    private boolean isBound(String user) {
        String home = user.substring(Access.SERVICE_ACCOUNT.length()).split(":", -1)[0];
        return Stream.concat(rulesFor(user, "clusterrolebindings", ""), rulesFor(user, "rolebindings", home))
                .findAny()
                .isPresent();
    }

    /** @param namespace "" for all */
    private Stream<JsonNode> rulesFor(String user, String kind, String namespace) {
        return bindings(user, kind, namespace)
                .flatMap(binding -> rulesOf(binding, Json.text(binding, "metadata", "namespace")));
    }

    private Stream<ObjectNode> bindings(String user, String kind, String namespace) {
        return store.list(kind + "." + GROUP, namespace, null).stream()
                .map(Map.Entry::getValue)
                .filter(binding ->
                        elements(binding.path("subjects")).anyMatch(subject -> user.equals(userOf(subject))));
    }

    private static String userOf(JsonNode subject) {
        return Access.SERVICE_ACCOUNT + Json.text(subject, "namespace") + ":" + Json.text(subject, "name");
    }

    private Stream<JsonNode> rulesOf(JsonNode binding, String namespace) {
        boolean cluster = Json.text(binding, "roleRef", "kind").equals("ClusterRole");
        ObjectNode role = store.get(
                (cluster ? "clusterroles." : "roles.") + GROUP,
                new ObjectKey(cluster ? "" : namespace, Json.text(binding, "roleRef", "name")));
        return role == null ? Stream.empty() : elements(role.path("rules"));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
