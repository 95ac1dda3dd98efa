package dev.wsroute.proxy.routing;

import dev.wsroute.config.RuleConfig.PathMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of one host by path: the exact one, else the longest prefix, else nothing. Among equals the first wins. */
final class PathTable {

    private final Map<String, ActiveRule> exact = new HashMap<>();
    private final List<Prefix> prefixes = new ArrayList<>();

    /** @param path without a slash at its end, so that the root is empty */
    private record Prefix(String path, ActiveRule rule) {

        /** Whether the prefix ends where a segment of {@code other} does. */
        boolean covers(String other) {
            return other.startsWith(path) && (other.length() == path.length() || other.charAt(path.length()) == '/');
        }
    }

    /** @param match null for every path */
    void add(@Nullable PathMatch match, ActiveRule rule) {
        if (match != null && match.type() == PathMatch.Type.Exact) {
            exact.putIfAbsent(match.value(), rule);
            return;
        }
        String value = match == null ? "/" : match.value();
        // Gateway API: a trailing slash of the prefix does not count.
        String path = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        if (prefixes.stream().noneMatch(prefix -> prefix.path().equals(path))) {
            prefixes.add(new Prefix(path, rule));
        }
    }

    /** To be called when all are added. */
    void order() {
        prefixes.sort(Comparator.comparingInt((Prefix prefix) -> prefix.path().length())
                .reversed());
    }

    @Nullable ActiveRule find(String path) {
        ActiveRule rule = exact.get(path);
        if (rule != null) {
            return rule;
        }
        for (Prefix prefix : prefixes) {
            if (prefix.covers(path)) {
                return prefix.rule();
            }
        }
        return null;
    }
}
