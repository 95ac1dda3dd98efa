// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Adds the Secrets with API keys and passwords that a rule refers to. The operator does not read them: the proxies do, and report what is
 * wrong with them.
 */
final class CredentialObjects {

    /** The field of {@code apiKeys} and {@code basic} that the document does not have. */
    static final String SECRET = "secretRef";

    private static final String CREDENTIALS = "credentials";

    private CredentialObjects() {}

    /**
     * Replaces the references, since the document requires what they become.
     *
     * @param rule as in the spec
     * @param namespace of the route
     */
    static ObjectNode added(ObjectNode rule, String namespace) {
        JsonNode access = rule.path("access");
        replace(access.path("apiKeys"), "keys", namespace);
        replace(access.path("basic"), "auth", namespace);
        return rule;
    }

    private static void replace(JsonNode rules, String defaultKey, String namespace) {
        if (rules instanceof ObjectNode object && object.remove(SECRET) instanceof ObjectNode ref) {
            ObjectNode source = object.putObject(CREDENTIALS);
            source.put("key", ref.path("key").asText(defaultKey));
            ObjectNode secret = source.putObject("secret");
            secret.put("namespace", namespace);
            if (ref.hasNonNull("name")) {
                secret.set("name", ref.get("name"));
            }
        }
    }
}
