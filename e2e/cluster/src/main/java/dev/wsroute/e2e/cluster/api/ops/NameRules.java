// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.store.ApiError.Cause;
import dev.wsroute.e2e.cluster.api.store.Json;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;

/** Rules for the names of objects, and generated names. */
final class NameRules {

    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9.:]*[a-z0-9])?");
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int LONGEST_PREFIX = 58;

    private final Random random = new SecureRandom();

    String generated(String prefix) {
        StringBuilder name =
                new StringBuilder(prefix.length() > LONGEST_PREFIX ? prefix.substring(0, LONGEST_PREFIX) : prefix);
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    static List<Cause> check(ObjectNode object) {
        String name = Json.text(object, "metadata", "name");
        if (name.isEmpty()) {
            return List.of(new Cause(
                    "FieldValueRequired", "Required value: name or generateName is required", "metadata.name"));
        }
        boolean rbac = Json.text(object, "apiVersion").startsWith("rbac.");
        if (name.length() > 253
                || !SUBDOMAIN
                        .matcher(rbac ? name.toLowerCase(Locale.ROOT) : name)
                        .matches()) {
            return List.of(new Cause(
                    "FieldValueInvalid",
                    "Invalid value: \"" + name + "\": a lowercase RFC 1123 subdomain must consist of lower case"
                            + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
                            + " character",
                    "metadata.name"));
        }
        return List.of();
    }
}
