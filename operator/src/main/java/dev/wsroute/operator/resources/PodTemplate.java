// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.resources;

import dev.wsroute.api.v1alpha1.ProxySpec;
import dev.wsroute.config.ListenerConfig;
import dev.wsroute.config.ProxyDrain;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A proxy pod. It meets Pod Security's level {@code restricted} and is spread over nodes and zones where possible. */
final class PodTemplate {

    /** Extra time before the process is killed: to close listeners, write its report and exit. */
    private static final Duration GRACE_MARGIN = Duration.ofSeconds(5);

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;

    private PodTemplate() {}

    static PodTemplateSpec of(ProxyModel model) {
        ProxySpec proxy = model.proxy();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(ProxyPodLabels.of(model.route(), model.proxy().podLabels()))
                .withAnnotations(orNull(proxy.podAnnotations()))
                .endMetadata()
                .withSpec(new PodSpecBuilder()
                        .withServiceAccountName(OwnedNames.proxy(model.route()))
                        .withEnableServiceLinks(false)
                        .withTerminationGracePeriodSeconds(
                                graceSeconds(model.compiled().config().drain()))
                        .withSecurityContext(securityContext(model))
                        .withContainers(ProxyContainer.of(model))
                        .withVolumes(volumes(model))
                        .withImagePullSecrets(proxy.imagePullSecrets())
                        .withNodeSelector(orNull(proxy.nodeSelector()))
                        .withTolerations(proxy.tolerations())
                        .withAffinity(proxy.affinity())
                        .withTopologySpreadConstraints(spread(model))
                        .withPriorityClassName(proxy.priorityClassName())
                        .build())
                .build();
    }

    static long graceSeconds(ProxyDrain drain) {
        return shutdown(drain).plus(GRACE_MARGIN).plusMillis(999).toSeconds();
    }

    /**
     * Total length of the shutdown. It is also passed to the process as a flag: the configuration can change while the pod
     * runs, but its grace period cannot, so a longer drain must not apply to pods that were started with a shorter one.
     */
    static Duration shutdown(ProxyDrain drain) {
        return drain.delay().plus(drain.over()).plus(drain.closeTimeout());
    }

    /** Ports below 1024 are allowed by a safe sysctl of the pod's own network namespace instead of a capability. */
    private static PodSecurityContext securityContext(ProxyModel model) {
        PodSecurityContextBuilder context = new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile();
        boolean privileged = model.compiled().config().listeners().stream()
                .mapToInt(ListenerConfig::port)
                .anyMatch(port -> port < FIRST_UNPRIVILEGED_PORT);
        if (privileged) {
            context.addNewSysctl("net.ipv4.ip_unprivileged_port_start", "0");
        }
        return context.build();
    }

    private static List<Volume> volumes(ProxyModel model) {
        List<Volume> volumes = new ArrayList<>(
                List.of(volume(ProxyContainer.TMP_VOLUME, "64Mi"), volume(ProxyContainer.STATE_VOLUME, "16Mi")));
        if (model.namesCertificates()) {
            // Never on a disk. It counts towards the memory limit of the container.
            Volume secrets = volume(ProxyContainer.SECRETS_VOLUME, "16Mi");
            secrets.getEmptyDir().setMedium("Memory");
            volumes.add(secrets);
        }
        return volumes;
    }

    private static Volume volume(String name, String size) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(new Quantity(size))
                .endEmptyDir()
                .build();
    }

    private static List<TopologySpreadConstraint> spread(ProxyModel model) {
        List<TopologySpreadConstraint> given = model.proxy().topologySpreadConstraints();
        if (given != null) {
            return given;
        }
        return Stream.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")
                .map(key -> new TopologySpreadConstraintBuilder()
                        .withMaxSkew(1)
                        .withTopologyKey(key)
                        .withWhenUnsatisfiable("ScheduleAnyway")
                        .withNewLabelSelector()
                        .withMatchLabels(Labels.proxySelector(model.route()))
                        .endLabelSelector()
                        .build())
                .toList();
    }

    /** The API does not store empty maps; writing one would look like a difference in every reconciliation. */
    private static @Nullable Map<String, String> orNull(@Nullable Map<String, String> map) {
        return map == null || map.isEmpty() ? null : map;
    }
}
