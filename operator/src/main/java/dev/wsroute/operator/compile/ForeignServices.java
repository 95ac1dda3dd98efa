// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import io.fabric8.kubernetes.api.model.Service;
import java.util.Optional;
import java.util.Set;

/** The Services of other namespaces than the route's, as far as these namespaces permit the route to use them. */
@FunctionalInterface
public interface ForeignServices {

    /** Looks up a Service. What is not permitted is not looked up, so that nobody learns whether it exists. */
    Lookup find(String namespace, String service);

    /** The result of a look-up. */
    sealed interface Lookup {

        /**
         * The namespace permits it.
         *
         * @param service empty if it does not exist
         * @param grants which permit it; at least one
         */
        record Permitted(Optional<Service> service, Set<GrantRef> grants) implements Lookup {

            public Permitted {
                grants = Set.copyOf(grants);
            }
        }

        /** @param sentence what is missing, the same whether the Service exists or not */
        record Denied(String sentence) implements Lookup {}
    }
}
