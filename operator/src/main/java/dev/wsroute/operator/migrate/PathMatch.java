// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.migrate;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path of an Ingress as a match of a route.
 *
 * @param type {@code Exact}, {@code PathPrefix} or {@code RegularExpression}
 * @param replacement what replaces the prefix in requests to the backend; null: nothing does
 * @param notes what differs from ingress-nginx
 */
record PathMatch(String type, String value, @Nullable String replacement, List<String> notes) {

    private static final String LITERAL = "/[^()\\[\\]*+?{}|\\\\^$]*";
    private static final Pattern PLAIN = Pattern.compile(LITERAL);
    /** {@code /app(/|$)(.*)}, {@code /app/(.*)}, {@code /app(.*)}: a prefix, and a group with the rest. */
    private static final Pattern PREFIX_AND_REST =
            Pattern.compile("(" + LITERAL + "?)(\\(/\\|\\$\\)|/)?\\(\\.\\*\\)\\$?");

    /**
     * @param type {@code pathType} of the Ingress
     * @param expressions whether ingress-nginx takes the paths of this host for regular expressions
     */
    static PathMatch of(
            @Nullable String path, @Nullable String type, Optional<String> rewriteTarget, boolean expressions) {
        String value = path == null || path.isEmpty() ? "/" : path;
        if ("Exact".equals(type)) {
            return new PathMatch("Exact", value, null, unconverted(rewriteTarget, value));
        }
        if (PLAIN.matcher(value).matches() || !expressions) {
            return prefix(value, rewriteTarget);
        }
        Matcher rest = PREFIX_AND_REST.matcher(value);
        if (rest.matches()) {
            String prefix = rest.group(1).isEmpty() ? "/" : rest.group(1);
            boolean separated = rest.group(2) != null && !rest.group(2).equals("/");
            Optional<String> replacement = rewriteTarget.flatMap(target -> replacement(target, separated));
            return new PathMatch(
                    "PathPrefix",
                    prefix,
                    replacement.orElse(null),
                    replacement.isPresent() ? List.of() : unconverted(rewriteTarget, value));
        }
        return new PathMatch("RegularExpression", expression(value), null, unconverted(rewriteTarget, value));
    }

    private static PathMatch prefix(String value, Optional<String> rewriteTarget) {
        if (rewriteTarget.isEmpty() || rewriteTarget.get().equals(value)) {
            return new PathMatch("PathPrefix", value, null, List.of());
        }
        String target = rewriteTarget.get();
        if (target.contains("$") || !target.startsWith("/")) {
            return new PathMatch("PathPrefix", value, null, unconverted(rewriteTarget, value));
        }
        return new PathMatch(
                "PathPrefix",
                value,
                target,
                List.of("rewrite-target: ingress-nginx replaced all of a path below " + value + " with " + target
                        + ", wsroute replaces the prefix and keeps the rest."));
    }

    /**
     * {@code /new/$2} becomes {@code /new}, {@code /$2} becomes {@code /}. Empty if the target has other groups.
     *
     * @param separated whether the first group is the slash before the rest: {@code /new$1$2} then means the same as {@code /new/$2}
     */
    private static Optional<String> replacement(String target, boolean separated) {
        String restGroup = separated ? "$2" : "$1";
        if (!target.endsWith(restGroup)) {
            return Optional.empty();
        }
        String start = target.substring(0, target.length() - restGroup.length());
        String prefix = separated && start.endsWith("$1") ? start.substring(0, start.length() - 2) : start;
        String plain = prefix.replaceFirst("/$", "");
        return plain.contains("$") || !(plain.isEmpty() || plain.startsWith("/"))
                ? Optional.empty()
                : Optional.of(plain.isEmpty() ? "/" : plain);
    }

    /** nginx ignores case and needs no match up to the end; a route's expression has to match the whole path. */
    private static String expression(String path) {
        String start = path.startsWith("^") ? path.substring(1) : path;
        if (start.endsWith("$") && !start.endsWith("\\$")) {
            return "(?i)" + start.substring(0, start.length() - 1);
        }
        return "(?i)" + (start.endsWith(".*") ? start : start + ".*");
    }

    private static List<String> unconverted(Optional<String> rewriteTarget, String path) {
        return rewriteTarget
                .map(target ->
                        List.of("rewrite-target: has no counterpart for the path " + path + " (" + target + ")."))
                .orElse(List.of());
    }
}
