// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.Map;

/** The objects that the tests of the embedded cluster apply. */
final class TestManifests {

    static final String NAMESPACE = "default";

    private TestManifests() {}

    static Container shell(String script) {
        return new ContainerBuilder()
                .withName("main")
                .withImage("any/image:1")
                .withCommand("sh", "-c", script)
                .build();
    }

    static Container echo(String onSigterm) {
        return new ContainerBuilder()
                .withName("main")
                .withImage(DevImages.ECHO)
                .addNewPort()
                .withName("ws")
                .withContainerPort(8010)
                .endPort()
                .withEnv(
                        fromField("POD_IP", "status.podIP"),
                        fromField("POD_NAME", "metadata.name"),
                        new EnvVarBuilder()
                                .withName("ON_SIGTERM")
                                .withValue(onSigterm)
                                .build())
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/healthz")
                .withNewPort("ws")
                .endHttpGet()
                .endReadinessProbe()
                .build();
    }

    private static io.fabric8.kubernetes.api.model.EnvVar fromField(String name, String field) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(field)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    static PodTemplateSpec template(String app, Container container, long graceSeconds) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels("app", app)
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(graceSeconds)
                .withContainers(container)
                .addNewVolume()
                .withName("scratch")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    static Pod pod(String app, Container container, long graceSeconds) {
        PodTemplateSpec template = template(app, container, graceSeconds);
        return new PodBuilder()
                .withMetadata(template.getMetadata())
                .editMetadata()
                .withName(app)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    static Deployment deployment(String app, int replicas, PodTemplateSpec template) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(app)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(Map.of("app", app))
                .endSelector()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    static Service service(String app, String type) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(app)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withType(type)
                .addToSelector("app", app)
                .addNewPort()
                .withName("ws")
                .withPort(80)
                .withNewTargetPort(8010)
                .endPort()
                .endSpec()
                .build();
    }
}
