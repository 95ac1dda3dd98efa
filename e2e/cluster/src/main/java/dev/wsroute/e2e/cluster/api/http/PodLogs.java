// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

/** The output of containers for {@code kubectl logs}. The node implements it. */
@FunctionalInterface
public interface PodLogs {

    /** The logs of a cluster without a node. */
    PodLogs NONE = (namespace, pod, container, previous) -> "";

    /**
     * Reads a container's output so far.
     *
     * @param previous whether to read that of the run before the current one
     * @return the text; empty if there is none
     */
    String read(String namespace, String pod, String container, boolean previous);
}
