// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Settings of a node.
 *
 * @param name the name of its Node object
 * @param images the programs that it can run
 * @param addresses the addresses of its pods
 * @param directory for logs and volumes; it is created, and kept when the node stops
 * @param credentials what container processes get as KUBECONFIG
 * @param loadBalancerAddress the address on which Services of type LoadBalancer are forwarded
 * @param heartbeats whether to renew the lease of the node, which a controller manager requires
 */
public record NodeConfig(
        String name,
        ImageTable images,
        AddressRange addresses,
        Path directory,
        Credentials credentials,
        String loadBalancerAddress,
        boolean heartbeats) {

    /** The access of pods to the API. */
    @FunctionalInterface
    public interface Credentials {

        /**
         * The kubeconfig of a ServiceAccount.
         *
         * @param file may be written
         */
        Path kubeconfig(String namespace, String account, Path file) throws IOException;
    }
}
