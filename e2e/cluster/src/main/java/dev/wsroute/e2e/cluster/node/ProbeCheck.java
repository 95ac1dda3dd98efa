// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A single probe of a container. Completes with whether it succeeded in time. */
@FunctionalInterface
interface ProbeCheck {

    CompletableFuture<Boolean> check();

    /** Runs a command as an {@code exec} probe; completes with its exit code. */
    @FunctionalInterface
    interface Exec {
        CompletableFuture<Integer> run(List<String> command, Duration timeout);
    }

    /** The check that a probe describes. A probe without a check always fails. */
    static ProbeCheck of(Probe probe, Container container, String address, ProbeClient client, Exec exec) {
        Duration timeout = Duration.ofSeconds(Objects.requireNonNullElse(probe.getTimeoutSeconds(), 1));
        HTTPGetAction get = probe.getHttpGet();
        if (get != null) {
            String host = Objects.requireNonNullElse(get.getHost(), address);
            int port = port(get.getPort(), container);
            return () -> client.get(host, port, get, timeout)
                    .thenApply(status -> status >= 200 && status < 400)
                    .exceptionally(failure -> false);
        }
        if (probe.getTcpSocket() != null) {
            String host = Objects.requireNonNullElse(probe.getTcpSocket().getHost(), address);
            int port = port(probe.getTcpSocket().getPort(), container);
            return () -> client.connect(host, port, timeout).exceptionally(failure -> false);
        }
        if (probe.getExec() != null) {
            List<String> command = probe.getExec().getCommand();
            return () -> exec.run(command, timeout).thenApply(code -> code == 0).exceptionally(failure -> false);
        }
        return () -> CompletableFuture.completedFuture(false);
    }

    private static int port(IntOrString port, Container container) {
        if (port.getStrVal() == null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(candidate -> port.getStrVal().equals(candidate.getName()))
                .map(candidate -> candidate.getContainerPort())
                .findFirst()
                .orElse(0);
    }
}
