// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** The level {@code restricted} of the Pod Security Standards, as far as it is about what our pods may set. */
final class RestrictedPods {

    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    private RestrictedPods() {}

    /** @param pod the spec of a pod */
    static void assertRestricted(JsonNode pod) {
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.has("hostNetwork") || pod.has("hostPID") || pod.has("hostIPC"))
                .isFalse();
        for (JsonNode volume : pod.path("volumes")) {
            volume.fieldNames()
                    .forEachRemaining(field -> assertThat(field.equals("name") || VOLUMES.contains(field))
                            .as(field)
                            .isTrue());
        }
        assertThat(pod.path("containers")).isNotEmpty().allSatisfy(container -> {
            JsonNode context = container.path("securityContext");
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
            assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
            assertThat(context.path("privileged").asBoolean()).isFalse();
            // Not required by the level.
            assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(container.path("ports")).allMatch(port -> !port.has("hostPort"));
        });
    }
}
