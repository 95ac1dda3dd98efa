package dev.wsroute.operator.compile;

import dev.wsroute.config.ConfigVersion;
import dev.wsroute.config.ProxyConfig;
import java.util.List;

/** What became of a route. */
public sealed interface Compilation {

    /**
     * The route is valid.
     *
     * @param config what its proxies are told; backends that do not exist are left out
     * @param version of {@code config}
     * @param document {@code config} as the proxies read it
     * @param backends where endpoints are found, those that exist
     * @param headlessServices the Services that its pod selectors need
     * @param unresolved the backends that were left out
     */
    record Compiled(
            ProxyConfig config,
            ConfigVersion version,
            String document,
            List<BackendTarget> backends,
            List<HeadlessService> headlessServices,
            List<UnresolvedRef> unresolved)
            implements Compilation {

        public Compiled {
            backends = List.copyOf(backends);
            headlessServices = List.copyOf(headlessServices);
            unresolved = List.copyOf(unresolved);
        }
    }

    /**
     * The route is not valid, and only an edit can mend that.
     *
     * @param reason a word for the condition
     * @param problems one sentence each, naming the field
     */
    record Refused(Reason reason, List<String> problems) implements Compilation {

        public Refused {
            problems = List.copyOf(problems);
        }

        /** Why it was refused. */
        public enum Reason {
            /** Some field does not hold what it must. */
            Invalid,
            /** The compiled document would not fit into a ConfigMap. */
            TooLarge,
            /** The operator itself failed on it. */
            Unprocessable
        }
    }
}
