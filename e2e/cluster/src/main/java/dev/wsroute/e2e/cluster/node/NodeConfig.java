// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.nio.file.Path;

/**
 * Settings of a node.
 *
 * @param name the name of its Node object
 * @param images the programs that it can run
 * @param addresses the addresses of its pods
 * @param directory for logs and volumes; it is created, and kept when the node stops
 * @param kubeconfig given to each container process as KUBECONFIG
 * @param loadBalancerAddress the address on which Services of type LoadBalancer are forwarded
 * @param heartbeats whether to renew the lease of the node, which a controller manager requires
 */
public record NodeConfig(
        String name,
        ImageTable images,
        AddressRange addresses,
        Path directory,
        Path kubeconfig,
        String loadBalancerAddress,
        boolean heartbeats) {}
