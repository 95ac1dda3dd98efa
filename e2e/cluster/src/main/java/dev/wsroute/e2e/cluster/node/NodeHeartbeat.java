// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import dev.wsroute.e2e.cluster.work.WorkQueue;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Renews the node's lease. Without it, a controller manager considers the node dead and evicts its pods. */
final class NodeHeartbeat implements AutoCloseable {

    private static final String NAMESPACE = "kube-node-lease";
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int LEASE_SECONDS = 40;

    private final KubernetesClient client;
    private final WorkQueue<String> queue = new WorkQueue<>("node-heartbeat", this::renew);

    NodeHeartbeat(KubernetesClient client) {
        this.client = client;
    }

    void start(String node) {
        queue.add(node);
    }

    private void renew(String node) {
        Lease lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(node)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(node)
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .endSpec()
                .build();
        client.resource(lease).forceConflicts().serverSideApply();
        queue.addAfter(node, INTERVAL);
    }

    @Override
    public void close() {
        queue.close();
    }
}
