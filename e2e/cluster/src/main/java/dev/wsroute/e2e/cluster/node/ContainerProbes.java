// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The probes of one container. Readiness and liveness are probed once the container has started. Without a probe, a running
 * container counts as started, alive and ready. Confined to the node's thread.
 */
final class ContainerProbes {

    /** Receives the results of the probes. */
    interface Listener {
        void changed();

        /** The liveness or startup probe failed for good. */
        void unhealthy(Probe probe);
    }

    private final NodeRuntime node;
    private final Container container;
    private final Supplier<String> address;
    private final ProbeCheck.Exec exec;
    private final Listener listener;
    private boolean started;
    private boolean ready;
    private @Nullable ProbeLoop startup;
    private @Nullable ProbeLoop readiness;
    private @Nullable ProbeLoop liveness;

    ContainerProbes(
            NodeRuntime node, Container container, Supplier<String> address, ProbeCheck.Exec exec, Listener listener) {
        this.node = node;
        this.container = container;
        this.address = address;
        this.exec = exec;
        this.listener = listener;
    }

    boolean isStarted() {
        return started;
    }

    boolean isReady() {
        return ready;
    }

    void start() {
        stop();
        Probe probe = container.getStartupProbe();
        if (probe == null) {
            begin();
        } else {
            startup = run(probe, good -> {
                if (good) {
                    begin();
                    listener.changed();
                } else {
                    listener.unhealthy(probe);
                }
            });
        }
    }

    private void begin() {
        started = true;
        startup = stopped(startup);
        Probe readinessProbe = container.getReadinessProbe();
        ready = readinessProbe == null;
        if (readinessProbe != null) {
            readiness = run(readinessProbe, this::setReady);
        }
        Probe livenessProbe = container.getLivenessProbe();
        if (livenessProbe != null) {
            liveness = run(livenessProbe, good -> {
                if (!good) {
                    liveness = stopped(liveness);
                    listener.unhealthy(livenessProbe);
                }
            });
        }
    }

    private void setReady(boolean value) {
        if (ready != value) {
            ready = value;
            listener.changed();
        }
    }

    private ProbeLoop run(Probe probe, Consumer<Boolean> onVerdict) {
        ProbeCheck check = ProbeCheck.of(probe, container, address.get(), node.probes(), exec);
        return new ProbeLoop(node.loop(), probe, check, onVerdict);
    }

    void stopAllButReadiness() {
        startup = stopped(startup);
        liveness = stopped(liveness);
    }

    void stop() {
        stopAllButReadiness();
        readiness = stopped(readiness);
        started = false;
        ready = false;
    }

    private static @Nullable ProbeLoop stopped(@Nullable ProbeLoop loop) {
        if (loop != null) {
            loop.stop();
        }
        return null;
    }
}
