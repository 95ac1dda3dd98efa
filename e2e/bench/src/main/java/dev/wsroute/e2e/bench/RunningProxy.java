// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import dev.wsroute.e2e.dev.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A started proxy that takes connections on 127.0.0.1. */
final class RunningProxy implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private static final String OUTPUT = "output";

    private final Contender contender;
    private final Processes processes;
    private final Process process;
    private final Path folder;
    private final int port;
    private final int backendPort;

    private RunningProxy(
            Contender contender, Processes processes, Process process, Path folder, int port, int backendPort) {
        this.contender = contender;
        this.processes = processes;
        this.process = process;
        this.folder = folder;
        this.port = port;
        this.backendPort = backendPort;
    }

    /**
     * Starts one and waits until it takes connections.
     *
     * @param folder where a folder of its own is made
     * @throws IllegalStateException with its last line when it ends or does not get there within 30 s
     */
    static RunningProxy start(Contender contender, Processes processes, int core, Path folder, int backendPort)
            throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder, contender.label());
        int port = freePort();
        Contender.Launch launch = contender.launch(own, port, backendPort);
        Process process = processes.start(core, launch.command(), launch.environment(), own.resolve(OUTPUT));
        RunningProxy proxy = new RunningProxy(contender, processes, process, own, port, backendPort);
        try {
            Waiting.until(
                    contender.label() + " takes no connections",
                    START_PATIENCE,
                    () -> !process.isAlive() || proxy.takesConnections());
        } catch (IllegalStateException e) {
            throw proxy.notStarted(e);
        }
        if (!process.isAlive()) {
            throw proxy.notStarted(null);
        }
        return proxy;
    }

    /** A port of 127.0.0.1 that nobody listens on. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String label() {
        return contender.label();
    }

    int port() {
        return port;
    }

    /** Of the backend that it passes everything on to, and a spare one's behind it where that is wanted. */
    List<Integer> backendPorts(boolean spare, int sparePort) {
        return spare ? List.of(backendPort, sparePort) : List.of(backendPort);
    }

    /** Where its configuration is. */
    Path folder() {
        return folder;
    }

    /** What it has said so far. */
    List<String> output() throws IOException {
        return Files.readAllLines(folder.resolve(OUTPUT));
    }

    long pid() {
        return process.pid();
    }

    /** Its share of the memory that it uses, in kB (PSS in {@code /proc/PID/smaps_rollup}, proc(5)). */
    double proportionalMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the memory of " + label() + " cannot be read"));
    }

    @Override
    public void close() {
        processes.end(process);
    }

    /** Stops it and returns its last line. */
    private IllegalStateException notStarted(@Nullable Exception cause) throws IOException {
        List<String> said = output();
        close();
        return new IllegalStateException(
                label() + " did not start" + (said.isEmpty() ? "" : ": " + said.get(said.size() - 1)), cause);
    }

    private boolean takesConnections() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
