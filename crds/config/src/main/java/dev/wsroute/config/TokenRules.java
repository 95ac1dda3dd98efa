// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks of the rules for tokens that the annotations of their fields do not cover. */
final class TokenRules {

    /** Sources of the keys of one provider. */
    private static final int MAX_KEY_SOURCES = 16;

    private final Problems problems;

    TokenRules(Problems problems) {
        this.problems = problems;
    }

    /** @param path of the rule of a route */
    void check(String path, RuleConfig rule) {
        AccessConfig access = rule.access();
        JwtRules jwt = access == null ? null : access.jwt();
        if (jwt == null) {
            return;
        }
        String at = path + ".access.jwt";
        for (int i = 0; i < jwt.providers().size() && !problems.isFull(); i++) {
            keys(at + ".providers[" + i + "].keys", jwt.providers().get(i).keys());
        }
        DenyListSource denyList = jwt.denyList();
        if (denyList != null && (denyList.configMap() == null) == (denyList.file() == null)) {
            problems.add(
                    at + ".denyList",
                    "must have exactly one of configMap and file, got "
                            + (denyList.configMap() == null ? "neither" : "both"));
        }
    }

    private void keys(String path, List<KeySource> sources) {
        if (sources.isEmpty()) {
            problems.add(path, "must hold at least one source of keys");
        } else if (sources.size() > MAX_KEY_SOURCES) {
            problems.add(path, "must have at most " + MAX_KEY_SOURCES + " items, got " + sources.size());
        }
        Set<String> labels = new HashSet<>();
        for (int i = 0; i < sources.size() && !problems.isFull(); i++) {
            KeySource source = sources.get(i);
            int given = given(source.configMap()) + given(source.secret()) + given(source.file());
            if (given != 1) {
                problems.add(path + "[" + i + "]", "must have exactly one of configMap, secret and file, got " + given);
            } else if (!labels.add(source.label())) {
                problems.add(path + "[" + i + "]", "is given twice: " + source.label());
            }
        }
    }

    private static int given(@Nullable Object value) {
        return value == null ? 0 : 1;
    }
}
