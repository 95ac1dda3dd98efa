// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.store;

/** Where an object lives within its collection; namespace is "" for cluster-scoped ones. */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }
}
