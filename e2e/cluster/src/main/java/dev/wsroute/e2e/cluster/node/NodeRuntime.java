// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import java.util.concurrent.ScheduledExecutorService;

/**
 * Resources that all pods of a node share.
 *
 * @param loop the only thread of pods and containers, which also starts processes; nothing may block it
 */
record NodeRuntime(
        NodeConfig config,
        ScheduledExecutorService loop,
        ContainerLauncher launcher,
        ProbeClient probes,
        LogFiles logs) {

    /** An address of the node itself, as pods see it. */
    static final String ADDRESS = "127.0.0.1";
}
