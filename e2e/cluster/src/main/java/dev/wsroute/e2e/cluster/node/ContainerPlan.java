// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command line and environment of a container's process. */
record ContainerPlan(List<String> command, Map<String, String> environment) {

    /** The waiting reason if the image could not be pulled. */
    static final String PULL_FAILED = "ErrImagePull";

    /** Registry, path, tag and digest, as defined by {@code github.com/distribution/reference}. */
    private static final Pattern IMAGE =
            Pattern.compile("(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
                    + "(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?");

    /** Why a container cannot start: the reason and message of its waiting state. */
    static final class Refused extends Exception {

        private static final long serialVersionUID = 1L;
        private final String reason;

        Refused(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /** Looks up a key of a ConfigMap or Secret. Empty if it does not exist. */
    interface References {
        Optional<String> configMapKey(String name, String key) throws Refused;

        Optional<String> secretKey(String name, String key) throws Refused;
    }

    /**
     * @param volumes host directories by volume name
     * @throws Refused if the image is unknown, or a value that the container needs is missing
     */
    static ContainerPlan of(
            Container container,
            PodFacts facts,
            ImageTable images,
            Map<String, Path> volumes,
            Map<String, String> nodeEnvironment,
            References references)
            throws Refused {
        Mounts mounts = new Mounts();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Optional.ofNullable(volumes.get(mount.getName()))
                    .map(path -> mount.getSubPath() == null ? path : path.resolve(mount.getSubPath()))
                    .ifPresent(path -> mounts.add(mount.getMountPath(), path));
        }
        Map<String, String> environment = new LinkedHashMap<>(nodeEnvironment);
        environment.put("HOSTNAME", facts.pod().getMetadata().getName());
        for (EnvVar variable : container.getEnv()) {
            value(variable, facts, environment, references)
                    .ifPresent(value -> environment.put(variable.getName(), mounts.translate(value)));
        }
        List<String> command = new ArrayList<>();
        if (!IMAGE.matcher(container.getImage()).matches()) {
            throw new Refused(
                    "InvalidImageName",
                    "Failed to apply default image tag \"" + container.getImage()
                            + "\": couldn't parse image name \"" + container.getImage()
                            + "\": invalid reference format");
        }
        if (container.getCommand().isEmpty()) {
            // Paths of this machine, to which mounts do not apply: the checkout may be below /tmp.
            command.addAll(images.program(container.getImage())
                    .orElseThrow(() -> new Refused(
                            PULL_FAILED,
                            "the image \"" + container.getImage()
                                    + "\" is not in the embedded cluster's table of programs")));
        }
        Stream.concat(container.getCommand().stream(), container.getArgs().stream())
                .map(word -> mounts.translate(VariableReferences.expand(word, environment)))
                .forEach(command::add);
        return new ContainerPlan(command, environment);
    }

    private static Optional<String> value(
            EnvVar variable, PodFacts facts, Map<String, String> environment, References references) throws Refused {
        EnvVarSource source = variable.getValueFrom();
        if (source == null) {
            String value = variable.getValue() == null ? "" : variable.getValue();
            return Optional.of(VariableReferences.expand(value, environment));
        }
        if (source.getFieldRef() != null) {
            return Optional.of(facts.field(source.getFieldRef().getFieldPath()).orElse(""));
        }
        if (source.getConfigMapKeyRef() != null) {
            var reference = source.getConfigMapKeyRef();
            return required(
                    references.configMapKey(reference.getName(), reference.getKey()),
                    Boolean.TRUE.equals(reference.getOptional()),
                    "ConfigMap",
                    reference.getName(),
                    reference.getKey());
        }
        if (source.getSecretKeyRef() != null) {
            var reference = source.getSecretKeyRef();
            return required(
                    references.secretKey(reference.getName(), reference.getKey()),
                    Boolean.TRUE.equals(reference.getOptional()),
                    "Secret",
                    reference.getName(),
                    reference.getKey());
        }
        return Optional.empty();
    }

    private static Optional<String> required(
            Optional<String> value, boolean optional, String kind, String name, String key) throws Refused {
        if (value.isEmpty() && !optional) {
            throw new Refused(
                    "CreateContainerConfigError", "there is no key \"" + key + "\" in " + kind + " \"" + name + "\"");
        }
        return value;
    }
}
