// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all pods of a node share.
 *
 * @param loop the one thread on which pods and containers live; nothing may block it, and it starts the processes
 */
record NodeRuntime(
        NodeConfig config,
        ScheduledExecutorService loop,
        ContainerLauncher launcher,
        ProbeClient probes,
        LogFiles logs) {

    /** An address of the node itself, as pods see it. */
    static final String ADDRESS = "127.0.0.1";

    /** What every process gets beside its container's own environment. */
    Map<String, String> environment() {
        return Map.of("KUBECONFIG", config.kubeconfig().toString());
    }
}
