// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leader election: only the holder of the lease acts. A leader that loses it exits, so that two never act at once. */
final class Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final String LEASE = "wsroute-operator";
    private static final int LOST = 1;

    private Leadership() {}

    /**
     * @param identity of this process
     * @param acquired called once this operator is the leader
     * @param stopping whether the process is shutting down, when losing the lease is expected
     * @param halt ends the process immediately with an exit code
     */
    static LeaderElectionConfiguration configuration(
            String namespace, String identity, Runnable acquired, BooleanSupplier stopping, IntConsumer halt) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(namespace)
                .withIdentity(identity)
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> {
                            LOG.info("Acquired lease {}/{}; this operator is the leader", namespace, LEASE);
                            acquired.run();
                        },
                        () -> stopped(stopping, halt),
                        leader -> LOG.info("Lease {}/{} is held by {}", namespace, LEASE, shown(leader))))
                .build();
    }

    /** @param leader null or empty if the lease was released */
    private static String shown(@Nullable String leader) {
        return leader == null || leader.isEmpty() ? "nobody" : leader;
    }

    /** No graceful shutdown: another operator may be acting already. */
    private static void stopped(BooleanSupplier stopping, IntConsumer halt) {
        if (!stopping.getAsBoolean()) {
            LOG.error("Lost the lease: it was not renewed in time, or another operator took it. Exiting, so that two"
                    + " operators never act at once");
            halt.accept(LOST);
        }
    }

    /** Releases the lease, so that the next operator need not wait until it expires. */
    static void release(KubernetesClient client, String namespace, String identity) {
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
            if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                lease.getSpec().setHolderIdentity("");
                client.resource(lease).update();
            }
        } catch (KubernetesClientException e) {
            LOG.debug("The lease could not be released; it will expire", e);
        }
    }
}
