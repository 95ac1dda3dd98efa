// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.policies;

import dev.wsroute.api.v1alpha1.WebSocketPolicySpec.TargetRef;
import dev.wsroute.api.v1alpha1.WebSocketRoute;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is about.
 *
 * @param rule null: every rule that no policy names
 */
record Target(String namespace, String route, @Nullable String rule) {

    private static final String GROUP = HasMetadata.getGroup(WebSocketRoute.class);
    private static final String KIND = HasMetadata.getKind(WebSocketRoute.class);

    static boolean isSupported(TargetRef ref) {
        return GROUP.equals(ref.group()) && KIND.equals(ref.kind());
    }

    static Target of(String namespace, TargetRef ref) {
        return new Target(namespace, ref.name(), ref.sectionName());
    }

    ResourceID routeId() {
        return new ResourceID(route, namespace);
    }
}
