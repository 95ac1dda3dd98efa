// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.config.Durations;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyPorts;
import dev.wsroute.operator.compile.CpuRequest;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The container of a proxy pod, with the flags of the proxy program. */
final class ProxyContainer {

    static final String TMP_VOLUME = "tmp";
    static final String STATE_VOLUME = "state";
    static final String SECRETS_VOLUME = "secrets";

    private static final String STATE_DIR = "/var/lib/wsroute";
    private static final String SECRETS_DIR = "/var/lib/wsroute-secrets";

    /** A new JVM on a crowded node gets a minute to start before it is killed. */
    private static final int START_SECONDS = 60;

    private static final ResourceRequirements DEFAULT_RESOURCES = new ResourceRequirementsBuilder()
            .addToRequests("cpu", CpuRequest.DEFAULT)
            .addToRequests("memory", new Quantity("256Mi"))
            .addToLimits("memory", new Quantity("512Mi"))
            .build();

    /** Generous, since a lack of CPU must not cut live connections. */
    private static final int PROBE_TIMEOUT_SECONDS = 5;

    private ProxyContainer() {}

    static Container of(ProxyModel model) {
        return new ContainerBuilder()
                .withName("proxy")
                .withImage(Objects.requireNonNullElse(model.proxy().image(), model.image()))
                .withArgs(args(model))
                .withEnv(
                        field("POD_IP", "status.podIP"),
                        field("POD_NAME", "metadata.name"),
                        field("POD_NAMESPACE", "metadata.namespace"))
                .withPorts(model.compiled().config().listeners().stream()
                        .map(ProxyContainer::port)
                        .toList())
                .withStartupProbe(probe("/livez", 1, START_SECONDS))
                .withLivenessProbe(probe("/livez", 10, 3))
                .withReadinessProbe(probe("/readyz", 2, 2))
                .withResources(Objects.requireNonNullElse(model.proxy().resources(), DEFAULT_RESOURCES))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(mounts(model))
                .build();
    }

    private static List<VolumeMount> mounts(ProxyModel model) {
        List<VolumeMount> mounts = new ArrayList<>(List.of(mount(TMP_VOLUME, "/tmp"), mount(STATE_VOLUME, STATE_DIR)));
        if (model.namesCertificates()) {
            mounts.add(mount(SECRETS_VOLUME, SECRETS_DIR));
        }
        return mounts;
    }

    /** The listeners' ports are flags, since the ports of a pod are fixed while its configuration changes. */
    private static List<String> args(ProxyModel model) {
        List<String> args = new ArrayList<>(List.of(
                "--config-map",
                model.namespace() + "/" + OwnedNames.config(model.route()),
                "--report-config-map",
                model.namespace() + "/" + OwnedNames.report(model.route()),
                "--state-dir",
                STATE_DIR,
                "--probe-port",
                Integer.toString(ProxyPorts.PROBES),
                "--shutdown-within",
                Durations.format(PodTemplate.shutdown(model.compiled().config().drain()))));
        if (model.namesCertificates()) {
            args.addAll(List.of("--secrets-dir", SECRETS_DIR));
        }
        for (ListenerConfig listener : model.compiled().config().listeners()) {
            args.add("--listen");
            args.add(listener.name() + "=" + listener.port());
        }
        return args;
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                // The default, but the field has one owner as a whole, so a defaulted value would look like a change.
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static ContainerPort port(ListenerConfig listener) {
        return new ContainerPortBuilder()
                .withName(listener.name())
                .withContainerPort(listener.port())
                .withProtocol("TCP")
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(ProxyPorts.PROBES))
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(PROBE_TIMEOUT_SECONDS)
                .withFailureThreshold(failures)
                .build();
    }

    private static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }
}
