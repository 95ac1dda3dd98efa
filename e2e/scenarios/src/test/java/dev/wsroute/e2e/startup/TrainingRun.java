// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.startup;

import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.cluster.EmbeddedCluster;
import dev.wsroute.e2e.dev.Repository;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A short run of a program that loads the classes of a usual run, and stores them when it ends. */
final class TrainingRun {

    /** As tests have it: their default is not set yet. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String CONFIG = """
            drain: {delay: 0s, over: 0s}
            listeners: [{name: ws, port: 0}]
            routes:
            - name: training
              rules:
              - name: main
                backends: [{name: closed, endpoints: [{address: 127.0.0.1, port: 9}]}]
            """;

    private static final String ROUTE = """
            apiVersion: wsroute.dev/v1alpha1
            kind: WebSocketRoute
            metadata: {name: training, namespace: default}
            spec:
              rules:
              - name: main
                backendRefs: [{podSelector: {matchLabels: {app: training}}, port: 8010}]
            """;

    private TrainingRun() {}

    static void proxy(Path jar, Path archive) throws IOException, InterruptedException {
        Path config = Files.createTempFile("wsroute-training-", ".yaml");
        Path log = Files.createTempFile("wsroute-training-", ".log");
        Files.writeString(config, CONFIG);
        Process process = start(
                jar,
                archive,
                log,
                Map.of(),
                "--config",
                config.toString(),
                "--bind-address",
                "127.0.0.1",
                "--admin-port",
                "0");
        try {
            Awaitility.await("the proxy serves")
                    .atMost(PATIENCE)
                    .until(() -> Files.readString(log).contains(" applied, with "));
        } finally {
            end(process);
            Files.delete(config);
            Files.delete(log);
        }
    }

    static void operator(Path jar, Path archive) throws IOException, InterruptedException {
        Path log = Files.createTempFile("wsroute-training-", ".log");
        try (EmbeddedCluster cluster = EmbeddedCluster.builder().start();
                KubernetesClient client = cluster.newClient()) {
            client.resource(Serialization.unmarshal(
                            Files.readString(Repository.locate().get("crds/websocketroutes.wsroute.dev.yaml")),
                            CustomResourceDefinition.class))
                    .create();
            client.resource(ROUTE).create();
            Process process = start(
                    jar,
                    archive,
                    log,
                    Map.of("KUBECONFIG", cluster.kubeconfig().toString()),
                    "--admin-address",
                    "127.0.0.1",
                    "--admin-port",
                    "0",
                    "--leader-election",
                    "false");
            try {
                Awaitility.await("the operator has created a Deployment")
                        .atMost(PATIENCE)
                        .until(() -> !client.apps()
                                .deployments()
                                .inNamespace("default")
                                .list()
                                .getItems()
                                .isEmpty());
            } finally {
                end(process);
            }
        } finally {
            Files.delete(log);
        }
    }

    /** @param jar is on the class path of the server's command already */
    static void echo(Path jar, Path archive) throws IOException, InterruptedException {
        Path log = Files.createTempFile("wsroute-training-", ".log");
        List<String> command = new ArrayList<>(DevImages.echo());
        command.add(1, "-XX:ArchiveClassesAtExit=" + archive);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("POD_IP", "127.0.0.1", "PORT", "0", "ON_SIGTERM", "close"));
        Process process = builder.start();
        try {
            Matcher listens =
                    Pattern.compile("echo listens on 127.0.0.1:(\\d+)").matcher("");
            Awaitility.await("the echo server listens")
                    .atMost(PATIENCE)
                    .until(() -> listens.reset(Files.readString(log)).find());
            CompletableFuture<Void> answered = new CompletableFuture<>();
            WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + listens.group(1) + "/"), new Answered(answered))
                    .join();
            client.sendText("hello", true);
            answered.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
            client.abort();
        } finally {
            end(process);
            Files.delete(log);
        }
    }

    private record Answered(CompletableFuture<Void> future) implements WebSocket.Listener {

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            future.complete(null);
            return null;
        }
    }

    private static Process start(Path jar, Path archive, Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ArchiveClassesAtExit=" + archive,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toString(),
                DevImages.LOOPBACK));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the program did not end");
        }
    }
}
