// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.node;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes of one pod as directories of the host (emptyDir, configMap and secret; the content of the last two is that at
 * the start of a container), and the ConfigMaps and Secrets in its environment. They exist as long as the pod.
 */
final class PodVolumes {

    private static final Logger LOG = LoggerFactory.getLogger(PodVolumes.class);

    private final KubernetesClient client;
    private final Executor executor;
    private final Pod pod;
    private final Path root;
    private final NodeConfig.Credentials credentials;
    private final Map<String, Path> directories = new HashMap<>();
    private volatile Map<String, String> environment = Map.of();
    /** What was read last, for times when the API server is unavailable. Confined to the executor. */
    private Fetched fetched = new Fetched(Map.of(), Map.of());

    /** The data of ConfigMaps and Secrets by name and key. */
    private record Fetched(Map<String, Map<String, byte[]>> configMaps, Map<String, Map<String, byte[]>> secrets)
            implements ContainerPlan.References {

        @Override
        public Optional<String> configMapKey(String name, String key) {
            return text(configMaps, name, key);
        }

        @Override
        public Optional<String> secretKey(String name, String key) {
            return text(secrets, name, key);
        }

        private static Optional<String> text(Map<String, Map<String, byte[]>> objects, String name, String key) {
            return Optional.ofNullable(objects.getOrDefault(name, Map.of()).get(key))
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /** @param executor runs blocking tasks one after the other */
    PodVolumes(KubernetesClient client, Executor executor, Pod pod, Path root, NodeConfig.Credentials credentials) {
        this.client = client;
        this.executor = executor;
        this.pod = pod;
        this.root = root;
        this.credentials = credentials;
        for (Volume volume : pod.getSpec().getVolumes()) {
            directories.put(volume.getName(), root.resolve("volumes").resolve(volume.getName()));
        }
    }

    Path root() {
        return root;
    }

    Map<String, Path> directories() {
        return Map.copyOf(directories);
    }

    /** Variables of each process in addition to those of its container. */
    Map<String, String> environment() {
        return environment;
    }

    /** Creates the directories and reads all references. Completes on another thread. */
    CompletableFuture<ContainerPlan.References> prepare() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        fetch();
                        for (Volume volume : pod.getSpec().getVolumes()) {
                            fill(volume);
                        }
                        writeCredentials();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return fetched;
                },
                executor);
    }

    private void writeCredentials() throws IOException {
        if (!Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken())) {
            Files.createDirectories(root);
            Path kubeconfig = credentials.kubeconfig(
                    pod.getMetadata().getNamespace(),
                    Objects.requireNonNullElse(pod.getSpec().getServiceAccountName(), "default"),
                    root.resolve("kubeconfig"));
            environment = Map.of("KUBECONFIG", kubeconfig.toString());
        }
    }

    private void fetch() {
        Set<String> configMaps = new LinkedHashSet<>();
        Set<String> secrets = new LinkedHashSet<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            if (volume.getConfigMap() != null) {
                configMaps.add(volume.getConfigMap().getName());
            }
            if (volume.getSecret() != null) {
                secrets.add(volume.getSecret().getSecretName());
            }
        }
        pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getEnv().stream())
                .flatMap(variable -> Stream.ofNullable(variable.getValueFrom()))
                .forEach(source -> addReferences(source, configMaps, secrets));
        String namespace = pod.getMetadata().getNamespace();
        try {
            Fetched now = new Fetched(new HashMap<>(), new HashMap<>());
            for (String name : configMaps) {
                Optional.ofNullable(client.configMaps()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .ifPresent(found -> now.configMaps().put(name, data(found)));
            }
            for (String name : secrets) {
                Optional.ofNullable(client.secrets()
                                .inNamespace(namespace)
                                .withName(name)
                                .get())
                        .ifPresent(found -> now.secrets().put(name, data(found)));
            }
            fetched = now;
        } catch (KubernetesClientException e) {
            LOG.debug(
                    "{} starts with what was read before: {}", pod.getMetadata().getName(), e.getMessage());
        }
    }

    private static void addReferences(EnvVarSource source, Set<String> configMaps, Set<String> secrets) {
        if (source.getConfigMapKeyRef() != null) {
            configMaps.add(source.getConfigMapKeyRef().getName());
        }
        if (source.getSecretKeyRef() != null) {
            secrets.add(source.getSecretKeyRef().getName());
        }
    }

    private static Map<String, byte[]> data(ConfigMap configMap) {
        Map<String, byte[]> data = new HashMap<>();
        Objects.requireNonNullElse(configMap.getData(), Map.<String, String>of())
                .forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        Objects.requireNonNullElse(configMap.getBinaryData(), Map.<String, String>of())
                .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        return data;
    }

    private static Map<String, byte[]> data(Secret secret) {
        Map<String, byte[]> data = new HashMap<>();
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of())
                .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        return data;
    }

    private void fill(Volume volume) throws IOException {
        Path directory = Objects.requireNonNull(directories.get(volume.getName()));
        Files.createDirectories(directory);
        @Nullable Map<String, byte[]> files = null;
        if (volume.getConfigMap() != null) {
            files = fetched.configMaps().get(volume.getConfigMap().getName());
        } else if (volume.getSecret() != null) {
            files = fetched.secrets().get(volume.getSecret().getSecretName());
        }
        if (files != null) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(directory.resolve(file.getKey()), file.getValue());
            }
        }
    }

    /** Deletes everything, in the background. */
    void remove() {
        executor.execute(() -> {
            if (!Files.exists(root)) {
                return;
            }
            try (Stream<Path> paths = Files.walk(root)) {
                List<Path> deepestFirst =
                        paths.sorted(Comparator.reverseOrder()).toList();
                for (Path path : deepestFirst) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                LOG.debug("the volumes in {} are left behind: {}", root, e.toString());
            }
        });
    }
}
