// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The downward API: the fields of its pod that a container can refer to by {@code fieldRef}. */
record PodFacts(Pod pod, String address, String nodeName, String nodeAddress) {

    private static final Pattern SUBSCRIPT = Pattern.compile("metadata\\.(labels|annotations)\\['([^']+)'\\]");

    /** Empty if there is no such field, or the label or annotation is absent. */
    Optional<String> field(String path) {
        ObjectMeta metadata = pod.getMetadata();
        Matcher subscript = SUBSCRIPT.matcher(path);
        if (subscript.matches()) {
            Map<String, String> map =
                    subscript.group(1).equals("labels") ? metadata.getLabels() : metadata.getAnnotations();
            return Optional.ofNullable(
                    Objects.requireNonNullElse(map, Map.<String, String>of()).get(subscript.group(2)));
        }
        return switch (path) {
            case "metadata.name" -> Optional.of(metadata.getName());
            case "metadata.namespace" -> Optional.of(metadata.getNamespace());
            case "metadata.uid" -> Optional.of(metadata.getUid());
            case "spec.nodeName" -> Optional.of(nodeName);
            case "spec.serviceAccountName" ->
                Optional.of(Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default"));
            case "status.podIP", "status.podIPs" -> Optional.of(address);
            case "status.hostIP", "status.hostIPs" -> Optional.of(nodeAddress);
            default -> Optional.empty();
        };
    }
}
