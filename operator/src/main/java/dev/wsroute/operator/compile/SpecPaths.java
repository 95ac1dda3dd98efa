package dev.wsroute.operator.compile;

import dev.wsroute.config.Problem;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Translates field paths of the document into paths of the spec that it was compiled from. */
final class SpecPaths {

    private static final String ROUTE = "routes[0].";
    /** The document's fields that come from {@code spec.proxy}. */
    private static final Set<String> PROXY = Set.of("listeners", "drain", "clientAddress", "limits");
    /** The fields of a rule that have another name or place in the spec. */
    private static final Map<String, String> RENAMED = Map.of(
            "backends", "backendRefs",
            "requestHeaders", "requestHeaderModifier",
            "responseHeaders", "responseHeaderModifier",
            "replacePrefixMatch", "path.replacePrefixMatch",
            "cookieName", "sessionName",
            "pingInterval", "ping.interval",
            "connectRetries", "connections.connectRetries");

    private SpecPaths() {}

    /** The sentence of {@code problem} for a reader of the spec. */
    static String sentence(Problem problem) {
        String other = problem.other();
        return new Problem(ofDocument(problem.path()), problem.fault(), other == null ? null : ofDocument(other))
                .sentence();
    }

    private static String ofDocument(String path) {
        if (path.startsWith(ROUTE)) {
            return Arrays.stream(path.substring(ROUTE.length()).split("\\."))
                    .map(SpecPaths::renamed)
                    .collect(Collectors.joining(".", "spec.", ""));
        }
        return PROXY.contains(name(path.split("\\.", 2)[0])) ? "spec.proxy." + path : path;
    }

    /** @param step a field's name, with an index where it is a list's */
    private static String renamed(String step) {
        String name = name(step);
        return Objects.requireNonNullElse(RENAMED.get(name), name) + step.substring(name.length());
    }

    private static String name(String step) {
        int index = step.indexOf('[');
        return index < 0 ? step : step.substring(0, index);
    }
}
