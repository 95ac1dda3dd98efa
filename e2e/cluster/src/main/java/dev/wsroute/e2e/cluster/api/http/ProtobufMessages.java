// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

import java.util.HashMap;
import java.util.Map;

/** The protobuf messages of Kubernetes' API (generated.proto) that kubectl sends, with the fields that matter. */
final class ProtobufMessages {

    /**
     * A field of a message.
     *
     * @param type "string", "int", "bool", "bytes", "map", "bytesMap" or a message; "" is skipped
     */
    record Field(String name, String type, boolean repeated) {}

    private static final Field SKIPPED = new Field("", "", false);

    private static final Map<String, Map<Integer, Field>> MESSAGES = parse("""
            Unknown: 1 typeMeta TypeMeta, 2 raw bytes
            TypeMeta: 1 apiVersion string, 2 kind string
            map: 1 key string, 2 value string
            bytesMap: 1 key string, 2 value bytes
            ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 5 uid string, 6 resourceVersion string, 11 labels map, 12 annotations map, 13 ownerReferences OwnerReference*, 14 finalizers string*
            OwnerReference: 1 kind string, 3 name string, 4 uid string, 5 apiVersion string, 6 controller bool, 7 blockOwnerDeletion bool
            Namespace: 1 metadata ObjectMeta
            ConfigMap: 1 metadata ObjectMeta, 2 data map, 3 binaryData bytesMap, 4 immutable bool
            Secret: 1 metadata ObjectMeta, 2 data bytesMap, 3 type string, 4 stringData map, 5 immutable bool
            DeleteOptions: 1 gracePeriodSeconds int, 2 preconditions Preconditions, 3 orphanDependents bool, 4 propagationPolicy string, 5 dryRun string*
            Preconditions: 1 uid string, 2 resourceVersion string
            SelfSubjectAccessReview: 1 metadata ObjectMeta
            """);

    private ProtobufMessages() {}

    static boolean knows(String message) {
        return MESSAGES.containsKey(message);
    }

    static Field field(String message, int number) {
        return MESSAGES.getOrDefault(message, Map.of()).getOrDefault(number, SKIPPED);
    }

    private static Map<String, Map<Integer, Field>> parse(String text) {
        Map<String, Map<Integer, Field>> messages = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            Map<Integer, Field> fields = new HashMap<>();
            for (String declaration : line.substring(colon + 2).split(", ", -1)) {
                String[] parts = declaration.split(" ", -1);
                boolean repeated = parts[2].endsWith("*");
                fields.put(Integer.valueOf(parts[0]), new Field(parts[1], parts[2].replace("*", ""), repeated));
            }
            messages.put(line.substring(0, colon), Map.copyOf(fields));
        });
        return Map.copyOf(messages);
    }
}
