// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.nio.file.Path;

/**
 * What a node is made of.
 *
 * @param name the name of its Node object
 * @param images the programs that it can run
 * @param addresses where its pods' addresses come from
 * @param directory for logs and volumes; it is created, and stays when the node stops
 * @param kubeconfig given to each container process as KUBECONFIG
 * @param loadBalancerAddress the address on which Services of type LoadBalancer are forwarded
 * @param heartbeats whether somebody watches that the node lives on: a controller manager does
 */
public record NodeConfig(
        String name,
        ImageTable images,
        AddressRange addresses,
        Path directory,
        Path kubeconfig,
        String loadBalancerAddress,
        boolean heartbeats) {}
