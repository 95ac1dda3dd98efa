// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

/** The key of an object in its collection; namespace is "" for cluster-scoped objects. */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
