// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.operator;

import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Repository;
import dev.wsroute.testkit.Written;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The packaged operator in its own process, and the pages of its admin port. */
final class OperatorProgram implements AutoCloseable {

    private static final List<String> COMMAND =
            Objects.requireNonNull(DevImages.of(Repository.locate().root()).get(DevImages.OPERATOR));

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private OperatorProgram(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it without waiting. */
    static OperatorProgram launch(Path kubeconfig, String... flags) throws IOException {
        Path log = Files.createTempFile("wsroute-operator-", ".log");
        return launch(kubeconfig, log, ProcessBuilder.Redirect.to(log.toFile()), flags);
    }

    /** Starts it with a pipe for its output that is never read. */
    static OperatorProgram launchUnread(Path kubeconfig, String... flags) throws IOException {
        Path nothing = Files.createTempFile("wsroute-operator-", ".log");
        return launch(kubeconfig, nothing, ProcessBuilder.Redirect.PIPE, flags);
    }

    private static OperatorProgram launch(Path kubeconfig, Path log, ProcessBuilder.Redirect output, String... flags)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(List.of("--admin-address", "127.0.0.1", "--admin-port", Integer.toString(port)));
        command.addAll(List.of(flags));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.directory(new File("."));
        return new OperatorProgram(builder.start(), log, port);
    }

    /** Starts it and waits until it works. */
    static OperatorProgram start(Path kubeconfig, String... flags) throws IOException {
        OperatorProgram program = launch(kubeconfig, flags);
        try {
            program.awaitReady();
            return program;
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
    }

    /** Waits until it works. */
    void awaitReady() {
        Awaitility.await("the operator is ready")
                .pollInterval(Duration.ofMillis(100))
                .until(this::isReady);
    }

    /** The response of its readiness probe. */
    String readiness() throws IOException, InterruptedException {
        return send("/readyz").body();
    }

    /** The response of its liveness probe. */
    String liveness() {
        return get("/livez");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Requests to the API that could change something. */
    long writeRequests() {
        List<String> requests = samples("wsroute_operator_api_requests_total");
        if (requests.isEmpty()) {
            throw new AssertionError("the operator counts no requests: whether it writes cannot be told");
        }
        return sum(requests.stream().filter(line -> !line.contains("method=\"GET\"")));
    }

    /** Requests to the API of any kind. */
    long requests() {
        return sum(samples("wsroute_operator_api_requests_total").stream());
    }

    /** Number of reconciliations so far; none before the first. */
    long reconciliations() {
        return sum(samples("operator_sdk_reconciliations_success_total").stream());
    }

    /** Lines of its log that were dropped. */
    long droppedLines() {
        return sum(samples("wsroute_operator_log_dropped_total").stream());
    }

    /** The sum of a metric's samples. */
    long metric(String name) {
        return sum(samples(name).stream());
    }

    /** Its metrics; empty if it has ended. */
    String metrics() {
        return process.isAlive() ? get("/metrics") : "";
    }

    private List<String> samples(String metric) {
        return get("/metrics").lines().filter(line -> line.startsWith(metric)).toList();
    }

    private static long sum(Stream<String> lines) {
        return (long) lines.mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private boolean isReady() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new AssertionError("the operator ended with " + process.exitValue() + ":\n" + log());
        }
        try {
            return send("/readyz").body().startsWith("ok");
        } catch (ConnectException | HttpTimeoutException e) {
            return false;
        }
    }

    /**
     * The response at {@code path}.
     *
     * @throws AssertionError if the status is not 200, so that no assertion passes because the operator is dead
     */
    private String get(String path) {
        try {
            HttpResponse<String> answer = send(path);
            if (answer.statusCode() != 200) {
                throw new AssertionError("the operator answers " + path + " with " + answer.statusCode());
            }
            return answer.body();
        } catch (IOException e) {
            throw new AssertionError(
                    "the operator does not answer " + path + (process.isAlive() ? "" : ": it has ended"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the operator was asked for " + path, e);
        }
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Waits until it has ended, and returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError("the operator still runs after a minute");
        }
        return process.exitValue();
    }

    /** Sends SIGTERM without closing the pipes. */
    void terminate() {
        process.toHandle().destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        Written.copy("operators", log);
    }
}
