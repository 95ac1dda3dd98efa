// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.types;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How lists and maps of built-in types merge, for server-side apply and strategic merge patch (whose merge key is the first
 * of the keys). Properties are named {@code Type.property}. A list that is in neither table is replaced as a whole.
 * Source: the x-kubernetes-list-* and x-kubernetes-map-type markers of Kubernetes' own types.
 */
final class ListMapKeys {

    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry("PodSpec.containers", List.of("name")),
            Map.entry("PodSpec.initContainers", List.of("name")),
            Map.entry("PodSpec.ephemeralContainers", List.of("name")),
            Map.entry("PodSpec.volumes", List.of("name")),
            Map.entry("PodSpec.imagePullSecrets", List.of("name")),
            Map.entry("PodSpec.hostAliases", List.of("ip")),
            Map.entry("PodSpec.topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
            Map.entry("PodSpec.resourceClaims", List.of("name")),
            Map.entry("PodSpec.schedulingGates", List.of("name")),
            Map.entry("PodStatus.podIPs", List.of("ip")),
            Map.entry("Container.ports", List.of("containerPort", "protocol")),
            Map.entry("Container.env", List.of("name")),
            Map.entry("Container.volumeMounts", List.of("mountPath")),
            Map.entry("Container.volumeDevices", List.of("devicePath")),
            Map.entry("EphemeralContainer.ports", List.of("containerPort", "protocol")),
            Map.entry("EphemeralContainer.env", List.of("name")),
            Map.entry("EphemeralContainer.volumeMounts", List.of("mountPath")),
            Map.entry("ServiceSpec.ports", List.of("port", "protocol")),
            Map.entry("ServiceAccount.secrets", List.of("name")),
            Map.entry("ObjectMeta.ownerReferences", List.of("uid")),
            Map.entry("NodeStatus.addresses", List.of("type")));

    private static final Set<String> SETS = Set.of("ObjectMeta.finalizers", "NodeSpec.podCIDRs");

    private static final Set<String> ATOMIC_MAPS = Set.of("ServiceSpec.selector", "PodSpec.nodeSelector");

    private static final Set<String> ATOMIC_TYPES = Set.of(
            "LabelSelector",
            "ObjectReference",
            "LocalObjectReference",
            "TypedLocalObjectReference",
            "TypedObjectReference",
            "SecretKeySelector",
            "ConfigMapKeySelector",
            "ObjectFieldSelector",
            "ResourceFieldSelector",
            "NodeSelector",
            "NodeSelectorTerm",
            "SecretReference",
            "RoleRef",
            "OwnerReference",
            "EndpointAddress",
            "EndpointPort");

    /** Key fields with a default, so that an item without them is the same item. */
    private static final Map<String, String> DEFAULTS =
            Map.of("ContainerPort.protocol", "TCP", "ServicePort.protocol", "TCP");

    private ListMapKeys() {}

    static @Nullable List<String> keys(String type, String property) {
        if (property.equals("conditions") && type.endsWith("Status")) {
            return List.of("type");
        }
        return KEYS.get(type + "." + property);
    }

    static boolean isSet(String type, String property) {
        return SETS.contains(type + "." + property);
    }

    static boolean isAtomicMap(String type, String property) {
        return ATOMIC_MAPS.contains(type + "." + property);
    }

    static boolean isAtomic(String type) {
        return ATOMIC_TYPES.contains(type);
    }

    static @Nullable String defaultOf(String type, String property) {
        return DEFAULTS.get(type + "." + property);
    }
}
