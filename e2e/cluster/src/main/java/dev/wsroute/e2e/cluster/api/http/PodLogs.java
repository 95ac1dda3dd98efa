// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.http;

/** Where {@code kubectl logs} finds what containers wrote; the node provides it. */
@FunctionalInterface
public interface PodLogs {

    /** The logs of a cluster without a node. */
    PodLogs NONE = (namespace, pod, container, previous) -> "";

    /**
     * Reads a container's output so far.
     *
     * @param previous of the container's last run before the current one
     * @return the text, empty when there is none
     */
    String read(String namespace, String pod, String container, boolean previous);
}
