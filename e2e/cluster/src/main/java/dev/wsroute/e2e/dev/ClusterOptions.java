// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select the cluster of a command. */
public final class ClusterOptions {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Work on this cluster. Absent: start one on this machine.")
    @Nullable Path kubeconfig;

    @Option(
            names = "--node",
            description = "With --kubeconfig: run its pods on this machine, for an API server without kubelets.")
    boolean node;

    @Option(
            names = "--controllers",
            description = "With --node: run the controllers too, for an API server without a controller manager.")
    boolean controllers;

    @Option(
            names = "--pod-addresses",
            paramLabel = "CIDR",
            description = "Where pods on this machine get their addresses from (default: ${DEFAULT-VALUE}).",
            defaultValue = "127.10.0.0/16")
    String podAddresses = "127.10.0.0/16";

    /** The options of a test run: the system properties {@code wsroute.kubeconfig, .node, .controllers, .podAddresses}. */
    public static ClusterOptions ofSystemProperties() {
        ClusterOptions options = new ClusterOptions();
        String file = System.getProperty("wsroute.kubeconfig");
        options.kubeconfig = file == null ? null : Path.of(file);
        options.node = Boolean.getBoolean("wsroute.node");
        options.controllers = Boolean.getBoolean("wsroute.controllers");
        options.podAddresses = System.getProperty("wsroute.podAddresses", options.podAddresses);
        return options;
    }
}
