// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

/** Name of the ConfigMap with the key sets that the operator fetches. */
public final class KeySetsMap {

    private KeySetsMap() {}

    /** The ConfigMap of {@code route}, in its namespace. */
    public static String name(String route) {
        return route + "-proxy-jwks";
    }
}
