// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import static dev.wsroute.e2e.cluster.TestManifests.NAMESPACE;
import static dev.wsroute.e2e.cluster.TestManifests.deployment;
import static dev.wsroute.e2e.cluster.TestManifests.echo;
import static dev.wsroute.e2e.cluster.TestManifests.service;
import static dev.wsroute.e2e.cluster.TestManifests.shell;
import static dev.wsroute.e2e.cluster.TestManifests.template;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wsroute.e2e.cluster.api.EmbeddedApi;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class EmbeddedClusterLifeTest {

    /** A script that identifies its process. */
    private static final String ALONE = "trap 'exit 0' TERM; while :; do sleep 0.11; done";

    private static boolean isSettled(KubernetesClient client, Deployment deployment) {
        Deployment now = client.resource(deployment).get();
        return now.getStatus() != null
                && now.getStatus().getAvailableReplicas() != null
                && now.getStatus().getAvailableReplicas().equals(now.getSpec().getReplicas())
                && now.getStatus().getReplicas().equals(now.getSpec().getReplicas());
    }

    private static int forwardedPort(KubernetesClient client, String service) {
        return await()
                .until(
                        () -> client.services()
                                .inNamespace(NAMESPACE)
                                .withName(service)
                                .get()
                                .getStatus()
                                .getLoadBalancer()
                                .getIngress(),
                        ingress -> !ingress.isEmpty())
                .stream()
                .map(LoadBalancerIngress::getPorts)
                .findFirst()
                .orElseThrow()
                .get(0)
                .getPort();
    }

    /** Records the messages of a WebSocket, and "close" with the code. */
    private static final class Messages implements WebSocket.Listener {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add("close " + code);
            return CompletableFuture.completedFuture(null);
        }

        @Nullable String next() throws InterruptedException {
            return received.poll(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theEchoServerIsReachedThroughItsLoadBalancerAndCloses(@TempDir Path directory) throws Exception {
        try (EmbeddedCluster cluster = EmbeddedCluster.builder()
                        .directory(directory)
                        .images(Map.of(DevImages.ECHO, DevImages.echo()))
                        .start();
                KubernetesClient client = cluster.newClient()) {
            Deployment deployment = deployment("echo", 2, template("echo", echo("close"), 10));
            client.resource(service("echo", "LoadBalancer")).create();
            client.resource(deployment).create();
            await().until(() -> isSettled(client, deployment));
            int port = forwardedPort(client, "echo");

            Messages messages = new Messages();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat?hello"), messages)
                    .get(20, TimeUnit.SECONDS);
            String pod = messages.next();
            assertThat(client.pods().inNamespace(NAMESPACE).list().getItems())
                    .extracting(found -> found.getMetadata().getName())
                    .contains(pod);
            socket.sendText("Hello", true).get(20, TimeUnit.SECONDS);
            assertThat(messages.next()).isEqualTo("Hello");

            client.pods().inNamespace(NAMESPACE).withName(pod).delete();

            assertThat(messages.next()).isEqualTo("close 1001");
        }
    }

    @Test
    void nothingIsWrittenOnceEverythingIsAsItShouldBe(@TempDir Path directory) {
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.builder().directory(directory).start();
                KubernetesClient client = cluster.newClient()) {
            Deployment deployment =
                    deployment("calm", 2, template("calm", shell("trap 'exit 0' TERM; while :; do sleep 1; done"), 1));
            client.resource(service("calm", "LoadBalancer")).create();
            client.resource(deployment).create();
            await().until(() -> isSettled(client, deployment));

            AtomicLong last = new AtomicLong(-1);
            await().during(Duration.ofSeconds(2))
                    .until(() -> last.getAndSet(cluster.api().resourceVersion())
                            == cluster.api().resourceVersion());
        }
    }

    @Test
    void podsLiveOnAndAreRestartedWhileTheApiIsAway(@TempDir Path directory) {
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.builder().directory(directory).start();
                KubernetesClient client = cluster.newClient()) {
            Pod pod = TestManifests.pod("alone", shell(ALONE), 1);
            client.resource(pod).create();
            await().until(() -> processes(client).size() == 1);
            long process = processes(client).get(0);

            cluster.api().cutOff();
            ProcessHandle.of(process).orElseThrow().destroyForcibly();
            await().until(() -> ProcessHandle.current()
                    .children()
                    .anyMatch(child -> child.pid() != process
                            && child.info().commandLine().orElse("").contains(ALONE)));
            cluster.api().restore();

            await().until(() -> client.resource(pod)
                            .get()
                            .getStatus()
                            .getContainerStatuses()
                            .get(0)
                            .getRestartCount()
                    == 1);
        }
    }

    @Test
    void aNodeAndControllersWorkWithAnotherApiServer(@TempDir Path directory) throws Exception {
        Path kubeconfig = directory.resolve("kubeconfig");
        try (EmbeddedApi api = EmbeddedApi.start()) {
            api.writeKubeconfig(kubeconfig);
            try (EmbeddedCluster cluster = EmbeddedCluster.builder()
                            .directory(directory)
                            .onApiServer(kubeconfig, false)
                            .start();
                    KubernetesClient client = cluster.newClient()) {
                Deployment deployment = deployment("guest", 1, template("guest", shell(ALONE), 1));
                client.resource(deployment).create();

                await().until(() -> isSettled(client, deployment));
            }
        }
    }

    @Test
    void noProcessOutlivesItsCluster(@TempDir Path directory) {
        List<Long> processes;
        try (EmbeddedCluster cluster =
                        EmbeddedCluster.builder().directory(directory).start();
                KubernetesClient client = cluster.newClient()) {
            client.resource(deployment(
                            "deaf", 2, template("deaf", shell("trap : TERM; while :; do sleep 1; done"), 60)))
                    .create();
            await().until(() -> processes(client).size() == 2);
            processes = processes(client);
        }

        assertThat(processes).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    private static List<Long> processes(KubernetesClient client) {
        return client.pods().inNamespace(NAMESPACE).list().getItems().stream()
                .filter(pod -> pod.getStatus() != null)
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .filter(status -> status.getContainerID() != null)
                .map(status -> Long.parseLong(status.getContainerID().replace("process://", "")))
                .toList();
    }
}
