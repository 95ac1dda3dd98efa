// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.operator.compile.Compilation;
import dev.wsroute.operator.compile.Compilation.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where the access of each rule of a route comes from.
 *
 * @param rules the names of the rules, in order, with the name of the policy; with {@link #OWN} if the rule has access itself, and
 *     {@link #NONE} if nothing says who may connect
 * @param problems of policies that cannot even be read, one sentence each
 */
public record RouteAccess(Map<String, String> rules, List<String> problems) {

    /** No policy has such a name. */
    static final String OWN = "(own)";

    static final String NONE = "(none)";

    /** Of a route that no policy is about. */
    public static final RouteAccess UNTOUCHED = new RouteAccess(Map.of(), List.of());

    public RouteAccess {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        problems = List.copyOf(problems);
    }

    /** The rules whose access each policy says, by the name of the policy. */
    public Map<String, List<String>> byPolicy() {
        return rules.entrySet().stream()
                .filter(rule -> isPolicy(rule.getValue()))
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue, TreeMap::new, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    }

    private static boolean isPolicy(String source) {
        return !source.equals(OWN) && !source.equals(NONE);
    }

    /** The same result, with sentences about fields of policies instead of the rules that got them. */
    public Compilation named(Compilation compilation) {
        if (!problems.isEmpty()) {
            return new Refused(Refused.RefusalReason.Invalid, problems);
        }
        return compilation instanceof Refused refused
                ? new Refused(
                        refused.reason(),
                        refused.problems().stream().map(this::named).distinct().toList())
                : compilation;
    }

    private String named(String sentence) {
        Collection<String> sources = new ArrayList<>(rules.values());
        int i = 0;
        for (String source : sources) {
            String path = "spec.rules[" + i++ + "].access";
            if (isPolicy(source) && sentence.startsWith(path)) {
                return of(source, "spec.access" + sentence.substring(path.length()));
            }
        }
        return sentence;
    }

    /** A sentence about a field of a policy. */
    static String of(String policy, String sentence) {
        return "WebSocketPolicy " + policy + ": " + sentence;
    }
}
