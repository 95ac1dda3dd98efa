// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Annotations about the choice of an endpoint. */
final class BalancingAnnotations {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:(remote_addr|binary_remote_addr)|(http|cookie|arg)_(\\w+))");
    private static final int LONGEST_SECONDS = 8_760 * 3_600;

    private BalancingAnnotations() {}

    static void affinity(String name, Annotations annotations, Settings settings) {
        if (!annotations.is(name, "cookie")) {
            settings.notes().add(name + ": only cookie has a counterpart (" + annotations.text(name) + ").");
            return;
        }
        ObjectNode session = settings.rule().withObject("/sessionPersistence");
        session.put("type", "Cookie");
        session.put("sessionName", annotations.get("session-cookie-name").orElse("INGRESSCOOKIE"));
        lifetime(annotations)
                .ifPresent(seconds -> session.put("absoluteTimeout", TimeoutAnnotations.duration(seconds)));
        boolean secure = annotations.is("session-cookie-secure", "true");
        annotations
                .get("session-cookie-samesite")
                .ifPresent(sameSite -> session.put("sameSite", capitalized(sameSite)));
        if (secure || session.path("sameSite").asText().equals("None")) {
            session.put("secure", "Always");
        }
        annotations
                .get("session-cookie-path")
                .filter(path -> !path.equals("/"))
                .ifPresent(path ->
                        settings.notes().add("session-cookie-path: has no counterpart, the path is / (" + path + ")."));
    }

    private static OptionalInt lifetime(Annotations annotations) {
        OptionalInt age = annotations.number("session-cookie-max-age");
        OptionalInt lifetime = age.isPresent() ? age : annotations.number("session-cookie-expires");
        return lifetime.isPresent() && lifetime.getAsInt() > 0
                ? OptionalInt.of(Math.min(lifetime.getAsInt(), LONGEST_SECONDS))
                : OptionalInt.empty();
    }

    static void hashBy(String name, Annotations annotations, Settings settings) {
        String value = annotations.text(name);
        Matcher variable = VARIABLE.matcher(value);
        if (!variable.matches()) {
            settings.notes()
                    .add(name + ": only an address, a header, a cookie or a parameter has a counterpart (" + value
                            + ").");
            return;
        }
        ObjectNode balancing = settings.rule().withObject("/loadBalancing");
        balancing.put("type", "ConsistentHash");
        ObjectNode hash = balancing.putObject("consistentHash");
        if (variable.group(1) != null) {
            hash.put("type", "ClientIP");
            return;
        }
        switch (variable.group(2)) {
            case "http" ->
                hash.put("type", "Header").put("name", variable.group(3).replace('_', '-'));
            case "cookie" -> hash.put("type", "Cookie").put("name", variable.group(3));
            default -> hash.put("type", "QueryParam").put("name", variable.group(3));
        }
    }

    static void loadBalance(String name, Annotations annotations, Settings settings) {
        if (annotations.get("upstream-hash-by").isPresent()) {
            return;
        }
        if (annotations.is(name, "round_robin")) {
            settings.rule().withObject("/loadBalancing").put("type", "RoundRobin");
        } else {
            settings.notes()
                    .add(name + ": LeastConnections, the default, takes its place (" + annotations.text(name) + ").");
        }
    }

    private static String capitalized(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1).toLowerCase(Locale.ROOT);
    }
}
