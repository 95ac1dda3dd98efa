// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.control;

import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged operator in its own process, with the Java options of its image, and its metrics. */
final class OperatorRun implements AutoCloseable {

    /** The memory limit of the pod in deploy/kustomize/base/deployment.yaml, as the JVM sees it. */
    static final int POD_MEGABYTES = 512;

    private static final int COMPACT_HEADERS_SINCE = 25;
    private static final long POLL_MILLIS = 100;
    private static final int ATTEMPTS = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private OperatorRun(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * Starts it without waiting.
     *
     * @param podMegabytes the memory limit of its pod
     * @param wrapper prefix of the command
     * @param javaOptions in addition to those of the image
     */
    static OperatorRun launch(
            Repository repository, Path kubeconfig, int podMegabytes, List<String> wrapper, List<String> javaOptions)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xms32m",
                "-XX:MaxRAM=" + podMegabytes + "m",
                "-XX:MaxRAMPercentage=60",
                "-XX:MaxDirectMemorySize=48m",
                "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= COMPACT_HEADERS_SINCE) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders"));
        }
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-jar",
                repository.get("operator/target/wsroute-operator.jar").toString(),
                DevImages.LOOPBACK,
                "--leader-election",
                "false",
                "--admin-address",
                "127.0.0.1",
                "--admin-port",
                Integer.toString(port)));
        Path log = Files.createTempFile("wsroute-operator-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        return new OperatorRun(builder.start(), log, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Waits until its caches are filled.
     *
     * @throws IllegalStateException if it ends or is not ready in time
     */
    void awaitReady(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!get("/readyz").startsWith("ok")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the operator is not ready after " + patience + "; its log: " + log);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Number of reconciliations. */
    long reconciliations() throws IOException, InterruptedException {
        return Math.round(metric("operator_sdk_reconciliations_success_total"));
    }

    /** Number of failed reconciliations. */
    long failures() throws IOException, InterruptedException {
        return Math.round(metric("operator_sdk_reconciliations_failed_total"));
    }

    /** Used bytes of the Java heap. */
    double heapMegabytes() throws IOException, InterruptedException {
        return samples(get("/metrics"), "jvm_memory_used_bytes")
                        .filter(line -> line.contains("area=\"heap\""))
                        .mapToDouble(OperatorRun::value)
                        .sum()
                / (1 << 20);
    }

    /** The sum over a metric's series; 0 before the first. */
    private double metric(String name) throws IOException, InterruptedException {
        return samples(get("/metrics"), name).mapToDouble(OperatorRun::value).sum();
    }

    private static double value(String sample) {
        return Double.parseDouble(sample.substring(sample.lastIndexOf(' ') + 1));
    }

    private static Stream<String> samples(String scrape, String name) {
        return scrape.lines().filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "));
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    Path log() {
        return log;
    }

    private String get(String path) throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the operator ended with exit code " + process.exitValue() + "; its log: " + log);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return send(path);
            } catch (ConnectException e) {
                return "";
            } catch (IOException e) {
                // A kept connection may have been closed meanwhile.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private String send(String path) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(Duration.ofSeconds(30))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Ends it and waits until it has ended. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
