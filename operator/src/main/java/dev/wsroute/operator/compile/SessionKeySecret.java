// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.api.v1alpha1.RouteRule;
import dev.wsroute.config.SessionKeyConfig;
import dev.wsroute.config.SessionKeyConfig.SecretRef;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Name and data key of the Secret with the key of session cookies. */
public final class SessionKeySecret {

    /** The key of the Secret's data. */
    public static final String DATA_KEY = "key";

    private SessionKeySecret() {}

    /** The Secret of {@code route}, in its namespace. */
    public static String secret(String route) {
        return route + "-proxy-session-key";
    }

    /** The Secret that all proxies of the route share; null if no rule uses sessions. */
    static @Nullable SessionKeyConfig of(ObjectMeta route, List<RouteRule> rules) {
        return rules.stream().allMatch(rule -> rule.sessionPersistence() == null)
                ? null
                : new SessionKeyConfig(new SecretRef(route.getNamespace(), secret(route.getName()), DATA_KEY), null);
    }
}
