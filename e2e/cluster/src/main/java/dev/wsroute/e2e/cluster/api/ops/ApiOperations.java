// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wsroute.e2e.cluster.api.schema.Rules;
import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.store.Store;
import dev.wsroute.e2e.cluster.api.types.BuiltInDefaults;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import dev.wsroute.e2e.cluster.api.types.ServiceDefaults;
import dev.wsroute.e2e.cluster.api.types.TypeRegistry;
import java.time.Clock;
import java.util.List;

/** All verbs on one store, which has the namespaces of every cluster. */
public record ApiOperations(
        Store store, TypeRegistry types, Reads reads, Writes writes, Deletions deletions, Scaling scaling) {

    public static ApiOperations create(Clock clock) {
        Store store = new Store();
        TypeRegistry types = new TypeRegistry();
        WriteAdmission admission = new WriteAdmission(new Rules(), new BuiltInDefaults(new ServiceDefaults()));
        Writes writes = new Writes(store, admission, clock);
        Reads reads = new Reads(store);
        Definitions definitions = new Definitions(store, types, writes);
        definitions.start();
        ApiOperations api = new ApiOperations(
                store, types, reads, writes, new Deletions(store, types, writes), new Scaling(reads, writes));
        api.createNamespaces();
        return api;
    }

    private void createNamespaces() {
        ResourceType namespaces = types.ofCollection("namespaces").get(0);
        for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
            Json.metadata(namespace).put("name", name);
            writes.create(namespaces, "", namespace, WriteOptions.internal("kube-apiserver"));
        }
    }
}
