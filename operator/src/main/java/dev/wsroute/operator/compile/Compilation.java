// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The result of compiling a route. */
public sealed interface Compilation {

    /**
     * The route is valid.
     *
     * @param config configuration of its proxies, without unresolved backends
     * @param version of {@code config}
     * @param document {@code config} as the proxies read it
     * @param backends the resolved backends
     * @param grantedNamespaces the other namespaces with resolved backends, and the grants by which each permits them
     * @param headlessServices the Services that its pod selectors need
     * @param unresolved the backends that do not exist
     * @param keySets that the operator fetches for it
     */
    record Compiled(
            ProxyConfig config,
            ConfigVersion version,
            String document,
            List<BackendTarget> backends,
            NavigableMap<String, Set<GrantRef>> grantedNamespaces,
            List<HeadlessService> headlessServices,
            List<UnresolvedRef> unresolved,
            List<KeySetNeed> keySets)
            implements Compilation {

        public Compiled {
            backends = List.copyOf(backends);
            grantedNamespaces = Collections.unmodifiableNavigableMap(new TreeMap<>(grantedNamespaces));
            headlessServices = List.copyOf(headlessServices);
            unresolved = List.copyOf(unresolved);
            keySets = List.copyOf(keySets);
        }
    }

    /**
     * The route is invalid or not allowed, and only an edit of it, or of the limits, can fix it.
     *
     * @param reason of the condition
     * @param problems one sentence each, with the path of the field
     */
    record Refused(RefusalReason reason, List<String> problems) implements Compilation {

        public Refused {
            problems = List.copyOf(problems);
        }

        /** Why the route was rejected. */
        public enum RefusalReason {
            /** A field has an invalid value. */
            Invalid,
            /** The compiled document would not fit into a ConfigMap. */
            TooLarge,
            /** It asks for more than the administrator allows routes. */
            NotAllowed,
            /** The operator failed to process it. */
            Unprocessable
        }
    }
}
