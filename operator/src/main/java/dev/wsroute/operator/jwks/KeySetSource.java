// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.jwks;

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
     * @param namespace of the route
     * @param objects with a PEM bundle, together
     */
    public record Authorities(String namespace, List<CaObject> objects) {

        public Authorities {
            objects = List.copyOf(objects);
        }
    }

    /** A ConfigMap, or a Secret. */
    public record CaObject(boolean secret, String name) {

        @Override
        public String toString() {
            return (secret ? "Secret " : "ConfigMap ") + name;
        }
    }
}
