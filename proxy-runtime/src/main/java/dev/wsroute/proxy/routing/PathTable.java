// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.routing;

import com.google.re2j.Pattern;
import dev.wsroute.config.PathMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one host by path: an exact match, else a matching expression (longest first), else the longest prefix.
 * Among equal paths the match with most conditions wins, then the first. If the other conditions of a match fail, the
 * next one is tried.
 */
final class PathTable {

    private static final List<Candidate> NONE = List.of();

    /**
     * Maximum path length in chars for expressions. Matching takes linear time on the event loop, which a client must
     * not control.
     */
    static final int MAX_EXPRESSION_PATH = 2048;

    private final Map<String, List<Candidate>> exact = new HashMap<>();
    private final List<Expression> expressions = new ArrayList<>();
    private final PrefixTree prefixes = new PrefixTree();

    private record Expression(Pattern pattern, Candidate candidate) {

        static final Comparator<Expression> MOST_SPECIFIC_FIRST = Comparator.comparingInt(
                        (Expression expression) -> expression.pattern.pattern().length())
                .reversed()
                .thenComparing(Expression::candidate, Candidate.MOST_SPECIFIC_FIRST);

        /**
         * The document parser limits how deep RE2/J recurses. If an expression overflows the stack anyway, it matches
         * nothing, so that one request cannot harm the event loop.
         */
        boolean fits(String path) {
            try {
                return pattern.matches(path);
            } catch (StackOverflowError e) {
                return false;
            }
        }
    }

    /** @param patterns compiles an expression */
    void add(Candidate candidate, Function<String, Pattern> patterns) {
        PathMatch path = candidate.match().path();
        if (path == null) {
            prefixes.add("/", candidate);
            return;
        }
        switch (path.type()) {
            case Exact ->
                exact.computeIfAbsent(path.value(), value -> new ArrayList<>(1)).add(candidate);
            case RegularExpression -> expressions.add(new Expression(patterns.apply(path.value()), candidate));
            case PathPrefix -> prefixes.add(path.value(), candidate);
        }
    }

    /** Call after all rules are added. */
    void order() {
        exact.values().forEach(candidates -> candidates.sort(Candidate.MOST_SPECIFIC_FIRST));
        expressions.sort(Expression.MOST_SPECIFIC_FIRST);
        prefixes.order();
    }

    @Nullable ActiveRule find(RequestFacts request) {
        ActiveRule rule = Candidate.first(exact.getOrDefault(request.path(), NONE), request);
        if (rule == null) {
            rule = findExpression(request);
        }
        return rule == null ? prefixes.find(request) : rule;
    }

    private @Nullable ActiveRule findExpression(RequestFacts request) {
        if (request.path().length() > MAX_EXPRESSION_PATH) {
            return null;
        }
        for (int i = 0; i < expressions.size(); i++) {
            Expression expression = expressions.get(i);
            // Cheap comparisons first.
            if (expression.candidate.fits(request) && expression.fits(request.path())) {
                return expression.candidate.rule();
            }
        }
        return null;
    }
}
