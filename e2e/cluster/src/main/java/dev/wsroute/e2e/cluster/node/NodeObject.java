// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** The Node object in the API. */
final class NodeObject {

    private NodeObject() {}

    /** Creates it, or takes over the one of an earlier run. */
    static void write(KubernetesClient client, String name) {
        Resource<io.fabric8.kubernetes.api.model.Node> node = client.nodes().withName(name);
        if (node.get() == null) {
            client.resource(new NodeBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withLabels(labels(name))
                            .endMetadata()
                            .withNewSpec()
                            .endSpec()
                            .build())
                    .create();
        }
        node.subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("status", status(name))));
    }

    /** Labels by which pods select nodes. */
    static Map<String, String> labels(String name) {
        return Map.of(
                "kubernetes.io/hostname",
                name,
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                System.getProperty("os.arch"));
    }

    /** The maximum that one pod may request. */
    static Map<String, Quantity> capacity() {
        return Map.of(
                "cpu", new Quantity(String.valueOf(Runtime.getRuntime().availableProcessors())),
                "memory", new Quantity("8Gi"),
                "pods", new Quantity("1000"));
    }

    private static NodeStatus status(String name) {
        Map<String, Quantity> capacity = capacity();
        return new NodeStatusBuilder()
                .withCapacity(capacity)
                .withAllocatable(capacity)
                .addNewAddress(NodeRuntime.ADDRESS, "InternalIP")
                .addNewAddress(name, "Hostname")
                .withConditions(condition("Ready", "True", "KubeletReady"))
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture(System.getProperty("os.arch"))
                .withKubeletVersion("v1.36.0-wsroute")
                .withContainerRuntimeVersion("process://1")
                .withOsImage("local processes")
                .withKernelVersion(System.getProperty("os.version"))
                .withBootID("")
                .withMachineID("")
                .withSystemUUID("")
                .withKubeProxyVersion("")
                .endNodeInfo()
                .build();
    }

    private static NodeCondition condition(String type, String status, String reason) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage("")
                .withLastTransitionTime(now)
                .withLastHeartbeatTime(now)
                .build();
    }
}
