package dev.wsroute.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Of several operators one acts: the holder of the lease. Who loses it ends, so that two never act at once. */
final class Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final String LEASE = "wsroute-operator";
    private static final int LOST = 1;

    private Leadership() {}

    /**
     * @param identity of this process
     * @param stopping whether the process is on its way out, so that losing the lease is no surprise
     * @param halt ends the process at once with a code
     */
    static LeaderElectionConfiguration configuration(
            String namespace, String identity, BooleanSupplier stopping, IntConsumer halt) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(namespace)
                .withIdentity(identity)
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(
                        () -> LOG.info("This operator holds the lease {}/{} and acts", namespace, LEASE),
                        () -> stopped(stopping, halt),
                        leader -> LOG.info("The lease {}/{} is held by {}", namespace, LEASE, leader)))
                .build();
    }

    /** No orderly stop: another operator may be acting already. */
    private static void stopped(BooleanSupplier stopping, IntConsumer halt) {
        if (!stopping.getAsBoolean()) {
            LOG.error(
                    "The lease is lost, since it was not renewed in time or another operator took it; ending, so that no"
                            + " two operators act at once");
            halt.accept(LOST);
        }
    }

    /** Gives the lease back, so that the next operator need not wait until it runs out. */
    static void release(KubernetesClient client, String namespace, String identity) {
        try {
            Lease lease = client.leases().inNamespace(namespace).withName(LEASE).get();
            if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                lease.getSpec().setHolderIdentity("");
                client.resource(lease).update();
            }
        } catch (KubernetesClientException e) {
            LOG.debug("The lease could not be given back; it runs out by itself", e);
        }
    }
}
