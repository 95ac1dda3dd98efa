// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key set that routes use. Routes that name the same URI and the same authorities share it: it is fetched once for all.
 *
 * @param uri as the route has it
 * @param authorities who may vouch for the host; null: those that the operator's system trusts
 */
public record KeySetSource(String uri, @Nullable Authorities authorities) {

    /**
     * ConfigMaps with CA certificates, which count together. Secrets are none: the operator reads none but its own.
     *
     * @param namespace of the route
     * @param configMaps their names
     */
    public record Authorities(String namespace, List<String> configMaps) {

        public Authorities {
            configMaps = List.copyOf(configMaps);
        }
    }
}
