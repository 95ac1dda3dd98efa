// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.controllers;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pods as endpoints of a Service, by the rules of Kubernetes' EndpointSlice controller. Pure. */
final class PodEndpoints {

    private PodEndpoints() {}

    /** The endpoints of a Service, grouped by the ports that they have in common. */
    static Map<List<EndpointPort>, List<Endpoint>> of(Service service, List<Pod> pods) {
        Map<List<EndpointPort>, List<Endpoint>> result = new LinkedHashMap<>();
        for (Pod pod : pods) {
            if (!Pods.isFinished(pod)
                    && pod.getStatus() != null
                    && pod.getStatus().getPodIP() != null) {
                result.computeIfAbsent(SlicePort.of(service, pod), ports -> new ArrayList<>())
                        .add(endpoint(service, pod));
            }
        }
        return result;
    }

    /** A terminating pod is listed until its object is deleted. It is not ready unless the Service publishes such endpoints. */
    private static Endpoint endpoint(Service service, Pod pod) {
        boolean serving = Pods.isReady(pod);
        boolean terminating = Pods.isTerminating(pod);
        boolean publish = Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
        boolean named = pod.getSpec().getHostname() != null
                && service.getMetadata().getName().equals(pod.getSpec().getSubdomain());
        return new EndpointBuilder()
                .withAddresses(pod.getStatus().getPodIP())
                .withNewConditions()
                .withReady(publish || (serving && !terminating))
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .withHostname(named ? pod.getSpec().getHostname() : null)
                .withNodeName(pod.getSpec().getNodeName())
                // In Kubernetes the node has it. Here is one node only, so that pods may say where they are.
                .withZone(pod.getMetadata().getLabels().get("topology.kubernetes.io/zone"))
                .withTargetRef(new ObjectReferenceBuilder()
                        .withKind("Pod")
                        .withNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .withUid(pod.getMetadata().getUid())
                        .build())
                .build();
    }
}
