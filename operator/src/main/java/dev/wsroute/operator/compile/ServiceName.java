// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.compile;

/**
 * A Service that a route refers to.
 *
 * @param namespace its namespace
 * @param name its name
 */
public record ServiceName(String namespace, String name) {

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
