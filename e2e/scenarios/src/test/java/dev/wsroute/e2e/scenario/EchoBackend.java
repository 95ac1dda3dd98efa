// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import dev.wsroute.e2e.dev.Manifests;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;

/** Echo servers that keep serving after SIGTERM until they are killed, like backends without support for draining. */
final class EchoBackend {

    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              replicas: %3$d
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}}
                spec:
                  terminationGracePeriodSeconds: %4$d
                  containers:
                  - name: echo
                    image: wsroute/echo:dev
                    env:
                    - {name: ON_SIGTERM, value: ignore}
                    - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    ports: [{name: ws, containerPort: 8010}]
                    readinessProbe: {tcpSocket: {port: ws}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, namespace: %2$s}
            spec:
              selector: {app: %1$s}
              ports: [{name: ws, port: 80, targetPort: ws}]
            """;

    private static final int GRACE_SECONDS = 8;

    private final Space space;
    private final String name;
    private final int graceSeconds;

    EchoBackend(Space space, String name) {
        this(space, name, GRACE_SECONDS);
    }

    /** @param graceSeconds how long a pod may keep serving after SIGTERM */
    EchoBackend(Space space, String name, int graceSeconds) {
        this.space = space;
        this.name = name;
        this.graceSeconds = graceSeconds;
    }

    void create(int replicas) {
        Manifests manifests = new Manifests(space.client());
        try {
            Manifests.parse(MANIFEST.formatted(name, space.namespace(), replicas, graceSeconds))
                    .forEach(manifests::apply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes the number of pods without waiting. */
    EchoBackend scale(int replicas) {
        space.client()
                .apps()
                .deployments()
                .inNamespace(space.namespace())
                .withName(name)
                .scale(replicas);
        return this;
    }

    EchoBackend awaitReady(int replicas) {
        Awaitility.await(replicas + " ready pods of " + name)
                .until(() -> staying().stream().filter(EchoBackend::isReady).count() == replicas);
        return this;
    }

    /** The pods that are not being deleted. */
    List<Pod> staying() {
        return space.client().pods().inNamespace(space.namespace()).withLabel("app", name).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The names of the pods that are not being deleted. */
    List<String> stayingNames() {
        return staying().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && Objects.requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }
}
